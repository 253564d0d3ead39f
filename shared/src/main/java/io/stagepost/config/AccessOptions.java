package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import io.stagepost.config.Option.Instead;
import java.util.List;

/** The part of the option table about accounts, POP and administration. */
final class AccessOptions {

  private static final String NO_POP = "this version serves no POP";
  private static final String NO_ADMIN = "this version has no administration port";
  private static final String NO_SERVER_AUTH = "this version does not authenticate clients";
  private static final String NO_CLIENT_AUTH =
      "this version does not authenticate itself to the next hop";
  private static final ValueRule ACCOUNTS =
      new ValueRule("file", "a file, or pam:,", AuthText::isServerSecrets);
  private static final ValueRule MECHANISMS =
      new ValueRule(
          "mechanisms", "a choice of mechanisms as in m:plain,login;a:", AuthText::isConfig);

  static final Option SERVER_AUTH =
      option("server-auth", 'S')
          .one(ACCOUNTS)
          .key("auth.server")
          .lacks(NO_SERVER_AUTH, Instead.LOCAL_CLIENTS)
          .means("clients must authenticate: a file of accounts, or pam:");
  static final Option SERVER_AUTH_CONFIG =
      option("server-auth-config")
          .one(MECHANISMS)
          .key("auth.server-mechanisms")
          .expert()
          .lacks(NO_SERVER_AUTH)
          .means("mechanisms that are offered to clients");
  static final Option CLIENT_AUTH =
      option("client-auth", 'C')
          .one(
              new ValueRule(
                  "file", "a file, or plain:<base64>:<base64>,", AuthText::isClientSecrets))
          .key("auth.client")
          .lacks(NO_CLIENT_AUTH, Instead.HOLD)
          .means("authenticate to the next hop: a file of accounts, or plain:<base64>:<base64>");
  static final Option CLIENT_AUTH_CONFIG =
      option("client-auth-config")
          .one(MECHANISMS)
          .key("auth.client-mechanisms")
          .expert()
          .lacks(NO_CLIENT_AUTH)
          .means("mechanisms that may be used with the next hop");
  static final Option POP =
      option("pop", 'B').key("pop.enabled").lacks(NO_POP).means("serve the spool by POP3");
  static final Option POP_PORT =
      option("pop-port", 'E')
          .one(ValueRule.number("port", 0, 65_535))
          .by("110")
          .key("pop.port")
          .lacks(NO_POP)
          .means("port to listen on for POP3");
  static final Option POP_AUTH =
      option("pop-auth", 'F')
          .one(ACCOUNTS)
          .key("pop.auth")
          .lacks(NO_POP)
          .means("accounts for POP3: a file, or pam:");
  static final Option POP_BY_NAME =
      option("pop-by-name", 'J')
          .key("pop.by-name")
          .lacks(NO_POP)
          .means("each POP3 account has its own directory of the spool");
  static final Option POP_NO_DELETE =
      option("pop-no-delete", 'G')
          .key("!pop.delete")
          .lacks(NO_POP)
          .means("keep what POP3 clients delete");
  static final Option ADMIN =
      option("admin", 'a')
          .one(ValueRule.number("port", 0, 65_535))
          .key("admin.port")
          .lacks(NO_ADMIN)
          .means("port to listen on for administration");
  static final Option ADMIN_TERMINATE =
      option("admin-terminate", 'Q')
          .key("admin.terminate")
          .lacks(NO_ADMIN)
          .means("let an administrator end the process");

  static final List<Option> ALL =
      List.of(
          SERVER_AUTH,
          SERVER_AUTH_CONFIG,
          CLIENT_AUTH,
          CLIENT_AUTH_CONFIG,
          POP,
          POP_PORT,
          POP_AUTH,
          POP_BY_NAME,
          POP_NO_DELETE,
          ADMIN,
          ADMIN_TERMINATE);

  private AccessOptions() {}
}
