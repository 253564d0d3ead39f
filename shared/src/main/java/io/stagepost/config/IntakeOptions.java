package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about intake, its limits, and the spool. */
final class IntakeOptions {

  private static final ValueRule KEYWORD = ValueRule.text("keyword", "a keyword");
  private static final ValueRule RANGE =
      new ValueRule("range", "an IP address or range", ValueText::isAddressRange);

  static final Option NAME =
      option("name")
          .one(new ValueRule("name", "a word of letters and digits", IntakeOptions::isName))
          .by(RelaySettings.DEFAULT_NAME)
          .key("name")
          .expert()
          .means("name of the relay on the event bus and in the log");
  static final Option SPOOL_DIR =
      option("spool-dir", 's')
          .one(ValueRule.path("dir"))
          .by("/var/spool/emailrelay", "/var/spool/stagepost")
          .key("spool.directory")
          .means("directory that messages are kept in");
  static final Option SPOOL_SYNC =
      option("spool-sync")
          .one(ValueRule.oneOf("when", "auto", "always", "never"))
          .by("auto")
          .key("spool.sync")
          .expert()
          .means("whether the spool directory is synced for each message");
  static final Option DELIVERY_DIR =
      option("delivery-dir")
          .one(ValueRule.path("dir"))
          .key("spool.delivery-directory")
          .lacks("this version delivers to no mailboxes")
          .means("directory of the mailboxes of local recipients (default: the spool)");
  static final Option PORT =
      option("port", 'p')
          .one(ValueRule.number("port", 0, 65_535))
          .by("25")
          .key("listeners.port")
          .means("port to listen on for SMTP");
  static final Option INTERFACE =
      option("interface", 'I')
          .list(
              new ValueRule(
                  "address",
                  "an IP address, an interface, a socket's path or fd#<number>",
                  InterfaceText::isItem))
          .key("listeners.interface")
          .means("addresses to listen on; smtp=, pop= or admin= before one limits it to that");
  static final Option REMOTE_CLIENTS =
      option("remote-clients", 'r')
          .key("listeners.remote-clients")
          .live()
          .means("accept clients that are not on a local network");
  static final Option LOCAL_CLIENTS =
      option("local-clients")
          .list(RANGE)
          .key("listeners.local-clients")
          .expert()
          .live()
          .means("which clients are local, in place of loopback and private addresses");
  static final Option PROXY_PROTOCOL_FROM =
      option("proxy-protocol-from")
          .list(RANGE)
          .key("listeners.proxy-protocol-from")
          .expert()
          .live()
          .means("proxies whose connections begin with a PROXY header, which names the client");
  static final Option SUBMISSIONS_PORT =
      option("submissions-port")
          .one(ValueRule.number("port", 0, 65_535))
          .key("listeners.submissions-port")
          .means("one more port for SMTP, encrypted from the first octet; 465 is usual");
  static final Option NO_SMTP =
      option("no-smtp", 'X').key("!listeners.smtp").means("don't listen for SMTP");
  static final Option DONT_SERVE =
      option("dont-serve", 'x').key("!listeners.enabled").means("don't listen at all");
  static final Option DOMAIN =
      option("domain", 'D')
          .one(new ValueRule("fqdn", "a domain name", IntakeOptions::isDomain))
          .key("domain")
          .live()
          .means("our name in greetings and Received lines (default: the host's name)");
  static final Option ANONYMOUS =
      option("anonymous", 'A')
          .optional(ValueRule.oneOf("scope", "vrfy", "server", "content", "client"))
          .key("listeners.anonymous")
          .live()
          .means("hide our identity: in VRFY, the server's texts, content, or as a client");
  static final Option SERVER_SMTP_CONFIG =
      option("server-smtp-config", 'Z')
          .list(KEYWORD)
          .by(
              "pipelining,strictparsing,alabels,linger",
              "pipelining,chunking,smtputf8,strictparsing,alabels,linger,"
                  + "enhancedstatuscodes,dsn,help")
          .key("listeners.extensions")
          .live()
          .expert()
          .means("switch SMTP extensions on (word) and off (-word)");
  static final Option IMMEDIATE =
      option("immediate", 'm')
          .key("forward.immediate")
          .live()
          .means("forward a message before acknowledging it");
  static final Option SIZE =
      option("size", 'M')
          .one(ValueRule.size())
          .by("0")
          .key("limits.size")
          .live()
          .means("largest message to accept (0: any)");
  static final Option IDLE_TIMEOUT =
      option("idle-timeout")
          .one(ValueRule.period(0))
          .by("1800", "300")
          .key("limits.idle-timeout")
          .live()
          .means("close a client's connection after so long without activity (0: never)");
  static final Option COMMAND_TIMEOUT =
      option("command-timeout")
          .one(ValueRule.period(0))
          .by("300")
          .key("limits.command-timeout")
          .live()
          .expert()
          .means("time for a client to complete a command line (0: any)");
  static final Option SHUTDOWN_TIMEOUT =
      option("shutdown-timeout")
          .one(ValueRule.period(0))
          .by("5")
          .key("limits.shutdown-timeout")
          .live()
          .expert()
          .means("time for transactions under way when the process ends");
  static final Option MAX_RECIPIENTS =
      limit("max-recipients", "limits.recipients", "recipients of one message", "10000");
  static final Option MAX_CONNECTIONS =
      limit("max-connections", "limits.connections", "clients at once", "20000");
  static final Option MAX_CONNECTIONS_PER_CLIENT =
      limit(
          "max-connections-per-client",
          "limits.connections-per-client",
          "connections at once from one address",
          "0");
  static final Option MAX_BAD_COMMANDS =
      limit("max-bad-commands", "limits.bad-commands", "bad commands of one client", "8");
  static final Option MAX_COMMAND_LENGTH =
      limit("max-command-length", "limits.command-length", "octets of a command line", "16384");
  static final Option MAX_RECEIVED =
      limit("max-received", "limits.received", "Received lines before it is a loop", "100");
  static final Option BARE_LINE_ENDS =
      option("bare-line-ends")
          .one(ValueRule.oneOf("action", "reject", "normalise", "allow"))
          .by("allow", "reject")
          .key("limits.bare-line-ends")
          .live()
          .expert()
          .means("what to do about a CR or LF that stands alone: reject, normalise or allow");
  static final Option BARE_LINE_ENDS_FROM =
      option("bare-line-ends-from")
          .list(RANGE)
          .key("limits.bare-line-ends-from")
          .live()
          .expert()
          .means("clients for which they are allowed");

  static final List<Option> ALL =
      List.of(
          NAME,
          SPOOL_DIR,
          SPOOL_SYNC,
          DELIVERY_DIR,
          PORT,
          INTERFACE,
          REMOTE_CLIENTS,
          LOCAL_CLIENTS,
          PROXY_PROTOCOL_FROM,
          SUBMISSIONS_PORT,
          NO_SMTP,
          DONT_SERVE,
          DOMAIN,
          ANONYMOUS,
          SERVER_SMTP_CONFIG,
          IMMEDIATE,
          SIZE,
          IDLE_TIMEOUT,
          COMMAND_TIMEOUT,
          SHUTDOWN_TIMEOUT,
          MAX_RECIPIENTS,
          MAX_CONNECTIONS,
          MAX_CONNECTIONS_PER_CLIENT,
          MAX_BAD_COMMANDS,
          MAX_COMMAND_LENGTH,
          MAX_RECEIVED,
          BARE_LINE_ENDS,
          BARE_LINE_ENDS_FROM);

  private IntakeOptions() {}

  private static Option limit(String name, String key, String of, String value) {
    return option(name)
        .one(ValueRule.count("number", 0))
        .by(value)
        .key(key)
        .live()
        .expert()
        .means("most " + of + " (0: any number)");
  }

  private static boolean isName(String value) {
    return !value.isEmpty()
        && value.length() <= 40
        && value.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
  }

  private static boolean isDomain(String value) {
    return !value.isEmpty()
        && value.length() <= 255
        && value.chars().noneMatch(c -> c <= ' ' || c == 127);
  }
}
