package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about TLS. */
final class TlsOptions {

  static final Option CLIENT_TLS =
      option("client-tls", 'j')
          .key("tls.client.starttls")
          .live()
          .means("encrypt outgoing connections when the next hop offers it");
  static final Option CLIENT_TLS_CONNECTION =
      option("client-tls-connection", 'b')
          .key("tls.client.implicit")
          .live()
          .means("encrypt outgoing connections from their first octet");
  static final Option CLIENT_TLS_REQUIRED =
      option("client-tls-required")
          .key("tls.client.required")
          .live()
          .means("never send in the clear");
  static final Option CLIENT_TLS_CERTIFICATE =
      certificate("client-tls-certificate", "tls.client.certificate")
          .live()
          .means(shownTo("the next hop"));
  static final Option CLIENT_TLS_SERVER_NAME =
      option("client-tls-server-name")
          .one(ValueRule.text("host", "a host name"))
          .key("tls.client.server-name")
          .expert()
          .live()
          .means("name of the next hop to ask for in the handshake");
  static final Option CLIENT_TLS_VERIFY =
      option("client-tls-verify")
          .one(ValueRule.path("ca"))
          .by("<none>", "")
          .key("tls.client.verify")
          .live()
          .means("authorities for the next hop's certificate: a file, <default> or <none>");
  static final Option CLIENT_TLS_VERIFY_NAME =
      option("client-tls-verify-name")
          .one(ValueRule.text("name", "a name"))
          .by("<any>", "<host>")
          .key("tls.client.verify-name")
          .expert()
          .live()
          .means("name that the next hop's certificate must have: a name, <host> or <any>");
  static final Option SERVER_TLS =
      option("server-tls", 'K')
          .key("tls.server.starttls")
          .live()
          .means("offer encryption to clients");
  static final Option SERVER_TLS_CONNECTION =
      option("server-tls-connection")
          .key("tls.server.implicit")
          .live()
          .means("encrypt clients' connections from their first octet");
  static final Option SERVER_TLS_REQUIRED =
      option("server-tls-required")
          .key("tls.server.required")
          .live()
          .means("accept no mail in the clear");
  static final Option SERVER_TLS_CERTIFICATE =
      certificate("server-tls-certificate", "tls.server.certificate")
          .live()
          .means(shownTo("clients"));
  static final Option SERVER_TLS_VERIFY =
      option("server-tls-verify")
          .one(ValueRule.path("ca"))
          .key("tls.server.verify")
          .live()
          .means("authorities for clients' certificates: a file, <default> or <none>");
  static final Option TLS_CONFIG =
      option("tls-config", '9')
          .list(ValueRule.text("keyword", "a keyword"))
          .process()
          .key("tls.config")
          .expert()
          .means("library and versions of TLS: tlsv1.2 is a minimum, -tlsv1.2 a maximum");

  static final Option TLS_ENGINE =
      option("tls-engine")
          .one(ValueRule.oneOf("engine", "jdk", "openssl", "auto"))
          .by("jdk")
          .process()
          .key("tls.engine")
          .expert()
          .means("what encrypts: jdk, openssl, or auto for openssl where it can be loaded");

  static final List<Option> ALL =
      List.of(
          CLIENT_TLS,
          CLIENT_TLS_CONNECTION,
          CLIENT_TLS_REQUIRED,
          CLIENT_TLS_CERTIFICATE,
          CLIENT_TLS_SERVER_NAME,
          CLIENT_TLS_VERIFY,
          CLIENT_TLS_VERIFY_NAME,
          SERVER_TLS,
          SERVER_TLS_CONNECTION,
          SERVER_TLS_REQUIRED,
          SERVER_TLS_CERTIFICATE,
          SERVER_TLS_VERIFY,
          TLS_CONFIG,
          TLS_ENGINE);

  private TlsOptions() {}

  private static OptionBuilder certificate(String name, String key) {
    return option(name).list(ValueRule.path("pem")).key(key);
  }

  private static String shownTo(String whom) {
    return "certificate shown to " + whom + ": one file, or the key and then the chain";
  }
}
