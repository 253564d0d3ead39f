package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about forwarding. */
final class ForwardOptions {

  private static final ValueRule NEXT_HOP =
      new ValueRule("host:port", "host:port, or the path of a socket,", NextHopText::isNextHop)
          .suggesting(NextHopText::suggestion);

  static final Option AS_CLIENT =
      option("as-client", 'q')
          .one(NEXT_HOP)
          .live()
          .means("forward what is in the spool to a host, then end");
  static final Option AS_PROXY =
      option("as-proxy", 'y')
          .one(NEXT_HOP)
          .live()
          .means("accept mail and forward it when the client disconnects");
  static final Option AS_SERVER = option("as-server", 'd').live().means("accept mail and keep it");
  static final Option FORWARD_TO =
      option("forward-to", 'o')
          .one(NEXT_HOP)
          .key("forward.to")
          .live()
          .means("next hop that mail is forwarded to");
  static final Option FORWARD =
      option("forward", 'f').key("forward.at-start").means("forward what is in the spool at start");
  static final Option FORWARD_ON_DISCONNECT =
      option("forward-on-disconnect", '1')
          .key("forward.on-disconnect")
          .live()
          .means("forward whenever a client has disconnected");
  static final Option FORWARD_ON_ARRIVAL =
      option("forward-on-arrival")
          .key("forward.on-arrival")
          .live()
          .means("forward each message as soon as it has been stored");
  static final Option POLL =
      option("poll", 'O')
          .one(ValueRule.period(1))
          .key("forward.poll")
          .live()
          .means("forward at regular intervals");
  static final Option POLL_RUN =
      option("poll-run")
          .one(new ValueRule("spec", "a program or retry:", SpecText::isPollRun))
          .key("forward.poll-run")
          .lacks("this version runs nothing before it forwards")
          .means("run before each forwarding at an interval: a program, or retry:<times>");
  static final Option FORWARD_TO_ALL =
      option("forward-to-all").expert().live().means("send only if all recipients are accepted");
  static final Option FORWARD_TO_SOME =
      option("forward-to-some")
          .key("forward.to-some")
          .live()
          .means("send even if some recipients are refused");
  static final Option CLIENT_INTERFACE =
      option("client-interface", '6')
          .one(new ValueRule("ip", "an IP address", ValueText::isAddress))
          .key("forward.interface")
          .live()
          .means("local address of outgoing connections");
  static final Option CLIENT_PROXY =
      option("client-proxy")
          .one(
              new ValueRule(
                  "url",
                  "socks5://host:port, socks5://user:password@host:port or socks4a://host:port",
                  ProxyText::isProxy))
          .key("forward.proxy")
          .live()
          .expert()
          .means("proxy for outgoing connections: socks5://user:password@host:port");
  static final Option CONNECTIONS =
      option("connections")
          .one(ValueRule.number("number", 1, 1000))
          .by("1", "4")
          .key("forward.connections")
          .live()
          .means("most connections at once to one next hop");
  static final Option CONNECTION_TIMEOUT =
      option("connection-timeout", 'U')
          .one(ValueRule.period(1))
          .by("40")
          .key("forward.connection-timeout")
          .live()
          .means("time for an outgoing connection to be made");
  static final Option PROMPT_TIMEOUT =
      option("prompt-timeout", 'w')
          .one(ValueRule.period(0))
          .by("20")
          .key("forward.greeting-timeout")
          .live()
          .means("time to wait for the next hop's greeting, then go on (0: for ever)");
  static final Option RESPONSE_TIMEOUT =
      option("response-timeout", 'T')
          .one(ValueRule.period(1))
          .by("1800", "600")
          .key("forward.response-timeout")
          .live()
          .means("time for the next hop to answer");
  static final Option REUSE_TIMEOUT =
      option("reuse-timeout")
          .one(ValueRule.period(0))
          .by("2")
          .key("forward.reuse-timeout")
          .live()
          .expert()
          .means("how long an unused outgoing connection is kept");
  static final Option CLIENT_SMTP_CONFIG =
      option("client-smtp-config", 'c')
          .list(ValueRule.text("keyword", "a keyword"))
          .by(
              "smtputf8strict,binarymimestrict,linger",
              "pipelining,chunking,smtputf8strict,binarymimestrict,linger")
          .key("forward.extensions")
          .live()
          .expert()
          .means("switch SMTP extensions on (word) and off (-word) when forwarding");
  static final Option TEMPORARY_FAILURES =
      option("temporary-failures")
          .one(ValueRule.oneOf("action", "fail", "keep"))
          .by("fail", "keep")
          .key("forward.temporary-failures")
          .live()
          .means("fail a message at the first 4xx answer, or keep it for another try");
  static final Option RETRY_DELAY =
      option("retry-delay")
          .one(ValueRule.period(1))
          .by("1m")
          .key("forward.retry-delay")
          .live()
          .expert()
          .means("how long a kept message waits at first; doubles with each try");
  static final Option RETRY_MAXIMUM_DELAY =
      option("retry-maximum-delay")
          .one(ValueRule.period(1))
          .by("1h")
          .key("forward.retry-maximum-delay")
          .live()
          .expert()
          .means("longest time that a kept message waits");

  static final List<Option> ALL =
      List.of(
          AS_CLIENT,
          AS_PROXY,
          AS_SERVER,
          FORWARD_TO,
          FORWARD,
          FORWARD_ON_DISCONNECT,
          FORWARD_ON_ARRIVAL,
          POLL,
          POLL_RUN,
          FORWARD_TO_ALL,
          FORWARD_TO_SOME,
          CLIENT_INTERFACE,
          CLIENT_PROXY,
          CONNECTIONS,
          CONNECTION_TIMEOUT,
          PROMPT_TIMEOUT,
          RESPONSE_TIMEOUT,
          REUSE_TIMEOUT,
          CLIENT_SMTP_CONFIG,
          TEMPORARY_FAILURES,
          RETRY_DELAY,
          RETRY_MAXIMUM_DELAY);

  private ForwardOptions() {}
}
