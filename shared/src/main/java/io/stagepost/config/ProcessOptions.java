package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about the process, its log and its cluster. */
final class ProcessOptions {

  private static final ValueRule MEMBER =
      new ValueRule("host:port", "host:port", NextHopText::isHostAndPort);

  private static final String WINDOWS = "there is no window; it is for Windows only";

  static final Option HELP = option("help", 'h').process().means("show help and end");
  static final Option VERSION = option("version", 'V').process().means("show the version and end");
  static final Option CONFIG =
      option("config")
          .one(ValueRule.path("file"))
          .process()
          .means("read a configuration file in the format of relay.conf");
  static final Option ROLES =
      option("roles")
          .list(ValueRule.oneOf("role", "smtp", "pop", "forwarder", "admin"))
          .by("smtp,pop,forwarder,admin")
          .process()
          .key("process.roles")
          .means("parts of the relay that run in this process");
  static final Option CLUSTER =
      option("cluster")
          .optional(MEMBER)
          .process()
          .key("cluster.members")
          .means("join other processes, to be found at these addresses");
  static final Option CLUSTER_HOST =
      option("cluster-host")
          .one(new ValueRule("ip", "an IP address", ValueText::isAddress))
          .by("127.0.0.1")
          .process()
          .key("cluster.host")
          .expert()
          .means("address that other members of the cluster connect to");
  static final Option CLUSTER_PORT =
      option("cluster-port")
          .one(ValueRule.number("port", 1, 65_535))
          .by("5701")
          .process()
          .key("cluster.port")
          .expert()
          .means("port that other members of the cluster connect to");
  static final Option NO_DAEMON =
      option("no-daemon", 't').process().key("!process.background").means("stay in the foreground");
  static final Option PID_FILE =
      option("pid-file", 'i')
          .list(ValueRule.path("path"))
          .process()
          .key("process.pid-file")
          .means("file that the process id is written to");
  static final Option USER =
      option("user", 'u')
          .one(ValueRule.text("account", "an account"))
          .by("daemon", "")
          .process()
          .key("process.user")
          .means("account to run as when started as root; root changes nothing");
  static final Option LOG =
      option("log", 'l').by("", "yes").process().key("log.enabled").means("write a log");
  static final Option VERBOSE =
      option("verbose", 'v')
          .process()
          .key("log.verbose")
          .live()
          .means("log the SMTP dialogue too; twice: the smallest steps");
  static final Option DEBUG =
      option("debug", 'g')
          .process()
          .key("log.debug")
          .expert()
          .live()
          .means("log what libraries do, and where each line comes from");
  static final Option LOG_FILE =
      option("log-file", 'N')
          .one(ValueRule.path("path"))
          .process()
          .key("log.file")
          .means("log to a file instead of standard error; %d stands for the day, %h the hour");
  static final Option LOG_FORMAT =
      option("log-format")
          .list(ValueRule.text("field", "a field"))
          .by("", "time,unit,address")
          .key("log.format")
          .live()
          .means("fields of a log line: time, unit, address, port, msgid; or json");
  static final Option LOG_TIME =
      option("log-time", 'L').process().key("log.time").live().means("log the time");
  static final Option LOG_ADDRESS =
      option("log-address").key("log.address").live().means("log the client's address");
  static final Option SYSLOG =
      option("syslog", 'k')
          .optional(
              ValueRule.oneOf(
                  "facility",
                  "mail",
                  "user",
                  "daemon",
                  "local0",
                  "local1",
                  "local2",
                  "local3",
                  "local4",
                  "local5",
                  "local6",
                  "local7"))
          .process()
          .key("log.syslog")
          .means("log to the system's log too");
  static final Option NO_SYSLOG =
      option("no-syslog", 'n').process().means("don't log to the system's log");
  static final Option CLOSE_STDERR =
      option("close-stderr", 'e')
          .process()
          .key("log.close-stderr")
          .means("close standard error when the relay is up");
  static final Option LOCALEDIR =
      option("localedir")
          .one(ValueRule.path("dir"))
          .process()
          .expert()
          .lacks("all texts are in English")
          .means("directory of translations; without effect");
  static final Option HIDDEN =
      option("hidden", 'H')
          .process()
          .hidden()
          .lacks(WINDOWS)
          .means("without effect: for Windows only");
  static final Option SHOW =
      option("show")
          .one(ValueRule.text("style", "a style"))
          .process()
          .hidden()
          .lacks(WINDOWS)
          .means("without effect: for Windows only");
  static final Option TEST =
      option("test")
          .one(ValueRule.text("text", "a text"))
          .process()
          .hidden()
          .means("accepted for compatibility, without effect");

  static final List<Option> ALL =
      List.of(
          HELP,
          VERSION,
          CONFIG,
          ROLES,
          CLUSTER,
          CLUSTER_HOST,
          CLUSTER_PORT,
          NO_DAEMON,
          PID_FILE,
          USER,
          LOG,
          VERBOSE,
          DEBUG,
          LOG_FILE,
          LOG_FORMAT,
          LOG_TIME,
          LOG_ADDRESS,
          SYSLOG,
          NO_SYSLOG,
          CLOSE_STDERR,
          LOCALEDIR,
          HIDDEN,
          SHOW,
          TEST);

  private ProcessOptions() {}
}
