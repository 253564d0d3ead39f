package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about the console and its programming interface. */
final class HttpOptions {

  static final Option HTTP_PORT =
      option("http-port")
          .list(ValueRule.number("port", 0, 65_535))
          .process()
          .key("admin.http.port")
          .means(
              "ports to serve the console and its API on; browsers refuse some, 10080 among them");
  static final Option HTTP_INTERFACE =
      option("http-interface")
          .list(new ValueRule("address", "an IP address", ValueText::isAddress))
          .by("127.0.0.1")
          .process()
          .key("admin.http.interface")
          .means("addresses to serve them at; others than loopback need --http-tls");
  static final Option HTTP_USERS =
      option("http-users")
          .one(ValueRule.path("file"))
          .process()
          .key("admin.http.users")
          .means("who may sign in there: a line for each, <role> <user>");
  static final Option HTTP_AUTH =
      option("http-auth")
          .one(AccessOptions.ACCOUNTS)
          .process()
          .key("admin.http.auth")
          .means("their passwords: a file of accounts, or pam:; otherwise those of --server-auth");
  static final Option HTTP_TLS =
      option("http-tls")
          .process()
          .key("admin.http.tls")
          .means("serve them by HTTPS, with the certificate of the first relay that has one");
  static final Option HTTP_NAMES =
      option("http-names")
          .list(ValueRule.text("name", "a host name"))
          .process()
          .key("admin.http.names")
          .expert()
          .means("names that browsers may call this host by, besides its addresses");
  static final Option HTTP_SESSION =
      option("http-session")
          .one(ValueRule.period(60))
          .by("12h")
          .process()
          .key("admin.http.session")
          .expert()
          .means("how long one sign-in lasts at the most");
  static final Option HTTP_IDLE =
      option("http-idle")
          .one(ValueRule.period(60))
          .by("1h")
          .process()
          .key("admin.http.idle")
          .expert()
          .means("time without any request after which a sign-in ends");

  static final List<Option> ALL =
      List.of(
          HTTP_PORT,
          HTTP_INTERFACE,
          HTTP_USERS,
          HTTP_AUTH,
          HTTP_TLS,
          HTTP_NAMES,
          HTTP_SESSION,
          HTTP_IDLE);

  private HttpOptions() {}
}
