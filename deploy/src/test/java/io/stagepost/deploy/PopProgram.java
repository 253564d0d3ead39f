package io.stagepost.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;

/** The mail programs that fetch messages, each with the logins it knows. */
enum PopProgram {
  CURL("user", "plain", "login", "cram-md5", "apop") {
    @Override
    List<Command> fetch(Fetch fetch) {
      String scheme = fetch.way() == Way.TLS ? "pop3s" : "pop3";
      String url = scheme + "://localhost:" + fetch.port() + "/1";
      Command curl =
          Command.of("curl", "--silent", "--show-error", "--user", "alice:e=mc2", "--url", url)
              .with(List.of("--cacert", AUTHORITY.toString(), "--max-time", "120"))
              .with(fetch.way() == Way.STLS ? List.of("--ssl-reqd") : List.of())
              .with(login(fetch.login()));
      Command get = curl.with(List.of("--output", fetch.target().resolve("mail").toString()));
      Command delete = curl.with(List.of("--request", "DELE", "--head"));
      return fetch.action() == Action.DELETE ? List.of(get, delete) : List.of(get);
    }

    private List<String> login(String name) {
      return switch (name) {
        case "user" -> List.of();
        case "apop" -> List.of("--login-options", "AUTH=+APOP");
        default -> List.of("--login-options", "AUTH=" + name.toUpperCase(Locale.ROOT));
      };
    }
  },
  MPOP("user", "plain", "login", "cram-md5", "apop") {
    @Override
    List<Command> fetch(Fetch fetch) {
      Path target = fetch.target();
      String password = write(target.resolve("password"), "e=mc2\n").toString();
      return List.of(
          Command.of("mpop", "--host=localhost", "--port=" + fetch.port(), "--user=alice")
              .with(List.of("--passwordeval=cat " + password, "--auth=" + fetch.login()))
              .with(List.of("--tls=" + (fetch.way() == Way.CLEAR ? "off" : "on")))
              .with(List.of("--tls-starttls=" + (fetch.way() == Way.STLS ? "on" : "off")))
              .with(List.of("--tls-trust-file=" + AUTHORITY, "--received-header=off"))
              .with(List.of("--delivery=mbox," + target.resolve("mail")))
              .with(List.of("--uidls-file=" + target.resolve("uidls"), "--pipelining=auto"))
              .with(List.of("--keep=" + (fetch.action() == Action.KEEP ? "on" : "off"))));
    }
  },
  FETCHMAIL("password", "cram-md5", "apop") {
    @Override
    List<Command> fetch(Fetch fetch) {
      boolean apop = fetch.login().equals("apop");
      String tls =
          switch (fetch.way()) {
            case CLEAR -> "sslproto ''";
            case STLS -> "sslproto 'TLS1.2+' sslcertck sslcertfile '" + AUTHORITY + "'";
            case TLS -> "ssl sslcertck sslcertfile '" + AUTHORITY + "'";
          };
      Path file =
          write(
              fetch.target().resolve("fetchmailrc"),
              "poll localhost service %d protocol %s %s\nuser 'alice' password 'e=mc2' %s %s fetchall\nmda 'cat >> %s'\n"
                  .formatted(
                      fetch.port(),
                      apop ? "apop" : "pop3",
                      apop ? "" : "auth " + fetch.login(),
                      tls,
                      fetch.action() == Action.KEEP ? "keep" : "nokeep",
                      fetch.target().resolve("mail")));
      return List.of(
          Command.of("fetchmail", "--fetchmailrc", file.toString(), "--nodetach", "--nosyslog")
              .with(List.of("--idfile", fetch.target().resolve("ids").toString()))
              .with(List.of("--pidfile", fetch.target().resolve("pid").toString())));
    }
  },
  GETMAIL("user", "apop") {
    @Override
    List<Command> fetch(Fetch fetch) {
      Path mail = write(fetch.target().resolve("mail"), "");
      Path file =
          write(
              fetch.target().resolve("getmailrc"),
              "[retriever]\ntype = SimplePOP3%sRetriever\nserver = localhost\nport = %d\n%s%susername = alice\npassword = e=mc2\n[destination]\ntype = MDA_external\npath = /bin/sh\narguments = ('-c', 'cat >> %s')\nallow_root_commands = true\n[options]\ndelete = %b\nread_all = true\n"
                  .formatted(
                      fetch.way() == Way.TLS ? "SSL" : "",
                      fetch.port(),
                      fetch.way() == Way.TLS ? "ca_certs = " + AUTHORITY + "\n" : "",
                      fetch.login().equals("apop") ? "use_apop = true\n" : "",
                      mail,
                      fetch.action() == Action.DELETE));
      return List.of(
          Command.of("getmail", "--getmaildir", fetch.target().toString())
              .with(List.of("--rcfile", file.toString())));
    }

    @Override
    boolean knows(Way way) {
      return way != Way.STLS;
    }
  },
  MUTT("user", "plain", "login", "cram-md5", "apop") {
    @Override
    List<Command> fetch(Fetch fetch) {
      return script("mutt.py", fetch);
    }
  },
  PYTHON("user", "apop") {
    @Override
    List<Command> fetch(Fetch fetch) {
      return script("fetch.py", fetch);
    }
  };

  static final Path AUTHORITY = Distribution.DEPLOY.resolve("src/test/resources/tls/authority.pem");

  private final String logins;

  PopProgram(String... logins) {
    this.logins = String.join(" ", logins);
  }

  /** How the connection is encrypted. */
  enum Way {
    CLEAR,
    STLS,
    TLS
  }

  /** What happens to messages that were fetched. */
  enum Action {
    KEEP,
    DELETE
  }

  /**
   * A visit.
   *
   * @param login as the program calls it
   * @param target a directory of its own, where a file "mail" is to hold what was fetched
   */
  record Fetch(int port, Way way, String login, Action action, Path target) {}

  /** How it can log in. */
  List<String> logins() {
    return List.of(logins.split(" "));
  }

  boolean knows(Way way) {
    return true;
  }

  /** Runs of the program, one after the other. */
  abstract List<Command> fetch(Fetch fetch);

  private static List<Command> script(String name, Fetch fetch) {
    Path script = Distribution.DEPLOY.resolve("src/test/python").resolve(name);
    return List.of(
        Command.of("python3", script.toString(), Integer.toString(fetch.port()))
            .with(List.of(fetch.way().name().toLowerCase(Locale.ROOT), fetch.login()))
            .with(List.of(fetch.action().name().toLowerCase(Locale.ROOT), AUTHORITY.toString()))
            .with(List.of(fetch.target().resolve("mail").toString())));
  }

  private static Path write(Path file, String text) {
    try {
      Files.writeString(file, text);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
