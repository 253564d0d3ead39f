package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about accounts and administration. */
final class AccessOptions {

  static final ValueRule ACCOUNTS =
      new ValueRule("file", "a file, or pam:,", AuthText::isServerSecrets);
  private static final ValueRule MECHANISMS =
      new ValueRule(
          "mechanisms", "a choice of mechanisms as in m:plain,login;a:", AuthText::isConfig);

  static final Option SERVER_AUTH =
      option("server-auth", 'S')
          .one(ACCOUNTS)
          .key("auth.server")
          .live()
          .means("clients must authenticate: a file of accounts, or pam:");
  static final Option SERVER_AUTH_CONFIG =
      option("server-auth-config")
          .one(MECHANISMS)
          .key("auth.server-mechanisms")
          .expert()
          .live()
          .means("mechanisms that are offered to clients");
  static final Option CLEAR_PASSWORDS =
      option("clear-passwords")
          .by("yes", "")
          .key("auth.clear-passwords")
          .expert()
          .live()
          .means("offer PLAIN and LOGIN on connections that are not encrypted, too");
  static final Option CLIENT_AUTH =
      option("client-auth", 'C')
          .one(
              new ValueRule(
                  "file", "a file, or plain:<base64>:<base64>,", AuthText::isClientSecrets))
          .key("auth.client")
          .live()
          .means("authenticate to the next hop: a file of accounts, or plain:<base64>:<base64>");
  static final Option CLIENT_AUTH_CONFIG =
      option("client-auth-config")
          .one(MECHANISMS)
          .key("auth.client-mechanisms")
          .expert()
          .live()
          .means("mechanisms that may be used with the next hop");
  static final Option CLIENT_AUTH_PASSWORDS =
      option("client-auth-passwords")
          .one(ValueRule.oneOf("where", "anywhere", "encrypted", "verified"))
          .by("anywhere", "verified")
          .key("auth.client-passwords")
          .expert()
          .live()
          .means("where passwords may be sent: anywhere, encrypted, or to verified next hops");
  static final Option AUTH_SCRAM =
      option("auth-scram")
          .by("", "yes")
          .key("auth.scram")
          .expert()
          .live()
          .means("offer SCRAM-SHA-256 to clients, too");
  static final Option AUTH_DELAY =
      option("auth-delay")
          .one(ValueRule.period(0))
          .by("1s")
          .key("auth.delay")
          .expert()
          .live()
          .means(
              "time before the answer to a second wrong password; doubles with each further one");
  static final Option AUTH_DELAY_MAX =
      option("auth-delay-max")
          .one(ValueRule.period(0))
          .by("10s")
          .key("auth.delay-max")
          .expert()
          .live()
          .means("where the time before the answer to wrong passwords stops growing");
  static final Option AUTH_BAN_AFTER =
      option("auth-ban-after")
          .one(ValueRule.count("failures", 0))
          .by("0", "20")
          .key("auth.ban-after")
          .expert()
          .live()
          .means("wrong passwords after which an address may try no more for a time; 0 for never");
  static final Option AUTH_BAN_USERS_AFTER =
      option("auth-ban-users-after")
          .one(ValueRule.number("addresses", 0, 1_000))
          .by("0", "20")
          .key("auth.ban-users-after")
          .expert()
          .live()
          .means(
              "addresses with wrong passwords for a user, after which it is let in for a time only"
                  + " from where it has been before; 0 for never");
  static final Option AUTH_BAN_TIME =
      option("auth-ban-time")
          .one(ValueRule.period(1))
          .by("10m")
          .key("auth.ban-time")
          .expert()
          .live()
          .means("how long that lasts, and how long wrong passwords are remembered");
  static final Option AUTH_BAN_EXEMPT =
      option("auth-ban-exempt")
          .list(new ValueRule("range", "an IP address or range", ValueText::isAddressRange))
          .by("127.0.0.0/8,::1")
          .key("auth.ban-exempt")
          .expert()
          .live()
          .means("addresses that are only made to wait");
  static final Option AUTH_SENDERS =
      option("auth-senders")
          .one(ValueRule.path("file"))
          .key("auth.senders")
          .live()
          .means("file of the addresses that authenticated clients may send as");
  static final Option ADMIN =
      option("admin", 'a')
          .one(ValueRule.number("port", 0, 65_535))
          .key("admin.port")
          .means("port to listen on for administration");
  static final Option ADMIN_TERMINATE =
      option("admin-terminate", 'Q')
          .key("admin.terminate")
          .liveWith(ADMIN)
          .means("let an administrator end the process");
  static final Option ADMIN_HELP =
      option("admin-help")
          .one(ValueRule.oneOf("which", "original", "all"))
          .by("original", "all")
          .key("admin.help")
          .expert()
          .live()
          .means("commands that the administration port's help names");
  static final Option CONTROL_SOCKET =
      option("control-socket")
          .one(ValueRule.path("path"))
          .by("no", "yes")
          .key("admin.control-socket")
          .means("socket for \"stagepost queue\" and the like; yes: in the spool directory; or no");

  static final List<Option> ALL =
      List.of(
          SERVER_AUTH,
          SERVER_AUTH_CONFIG,
          CLEAR_PASSWORDS,
          CLIENT_AUTH,
          CLIENT_AUTH_CONFIG,
          CLIENT_AUTH_PASSWORDS,
          AUTH_SCRAM,
          AUTH_DELAY,
          AUTH_DELAY_MAX,
          AUTH_BAN_AFTER,
          AUTH_BAN_USERS_AFTER,
          AUTH_BAN_TIME,
          AUTH_BAN_EXEMPT,
          AUTH_SENDERS,
          ADMIN,
          ADMIN_TERMINATE,
          ADMIN_HELP,
          CONTROL_SOCKET);

  private AccessOptions() {}
}
