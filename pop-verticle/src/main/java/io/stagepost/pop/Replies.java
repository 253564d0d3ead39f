package io.stagepost.pop;

/** What the server says. Most texts are those of E-MailRelay, which scripts may look for. */
final class Replies {

  static final String OK = "+OK";
  static final String ERR = "-ERR";
  static final String READY = "+OK POP3 server ready";
  static final String CAPABILITIES = "+OK capability list follows";
  static final String SIGNING_OFF = "+OK signing off";
  static final String NO_PASSWORD = "-ERR no SASL PLAIN mechanism to do USER/PASS authentication";
  static final String NEEDS_STLS = "-ERR must use STLS before authentication";
  static final String INVALID_MECHANISM = "-ERR invalid mechanism";
  static final String INVALID_INITIAL = "-ERR invalid initial response";
  static final String INVALID_ID = "-ERR invalid id";
  static final String LINE_TOO_LONG = "-ERR line too long";
  static final String LANGUAGES = "+OK languages follow";
  static final String LANGUAGE = "+OK en texts are in English";
  static final String NO_LANGUAGE = "-ERR no such language";

  // Reasons (RFC 2449 §8.1, RFC 3206 §4), shown to those who can take them.
  static final String IN_USE = "[IN-USE] another session has the maildrop";
  static final String AUTH = "[AUTH] authentication failed";
  static final String TEMPORARY = "[SYS/TEMP] try again later";
  static final String PERMANENT = "[SYS/PERM] there is no such maildrop";
  static final String NOT_REMOVED = "[SYS/TEMP] some messages are not removed";

  private Replies() {}
}
