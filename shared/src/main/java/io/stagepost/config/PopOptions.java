package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about POP. */
final class PopOptions {

  private static final ValueRule PORT = ValueRule.number("port", 0, 65_535);

  static final Option POP = option("pop", 'B').key("pop.enabled").means("serve the spool by POP3");
  static final Option POP_PORT =
      option("pop-port", 'E')
          .one(PORT)
          .by("110")
          .key("pop.port")
          .means("port to listen on for POP3");
  static final Option POP_AUTH =
      option("pop-auth", 'F')
          .one(AccessOptions.ACCOUNTS)
          .key("pop.auth")
          .liveWith(POP)
          .means("accounts for POP3: a file, or pam:");
  static final Option POP_BY_NAME =
      option("pop-by-name", 'J')
          .key("pop.by-name")
          .liveWith(POP)
          .means("each POP3 account has its own directory of the spool");
  static final Option POP_NO_DELETE =
      option("pop-no-delete", 'G')
          .key("!pop.delete")
          .liveWith(POP)
          .means("keep what POP3 clients delete");
  static final Option POP_TLS_PORT =
      option("pop-tls-port")
          .one(PORT)
          .key("pop.tls-port")
          .means("port to listen on for POP3 that is encrypted from the first octet, usually 995");
  static final Option POP_FORMAT =
      option("pop-format")
          .one(ValueRule.oneOf("format", "spool", "maildir"))
          .by("spool")
          .key("pop.format")
          .liveWith(POP)
          .means("what POP3 clients read: the spool, or Maildirs");
  static final Option POP_MAILDIR =
      option("pop-maildir")
          .one(ValueRule.path("directory"))
          .key("pop.maildir")
          .liveWith(POP)
          .means("the Maildir of an account: %u is its name, %n and %d the parts around the @");
  static final Option POP_CONFIG =
      option("pop-config")
          .list(ValueRule.text("word", "a word"))
          .by("", "pipelining,respcodes,expire,utf8,lang,implementation,lock,tlsrequired")
          .key("pop.extensions")
          .expert()
          .liveWith(POP)
          .means(
              "switch POP3 extensions, the lock on maildrops and the need for TLS on (word) and off (-word)");

  static final List<Option> ALL =
      List.of(
          POP,
          POP_PORT,
          POP_AUTH,
          POP_BY_NAME,
          POP_NO_DELETE,
          POP_TLS_PORT,
          POP_FORMAT,
          POP_MAILDIR,
          POP_CONFIG);

  private PopOptions() {}
}
