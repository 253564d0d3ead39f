package io.stagepost.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Makes a line of an event; not safe for use by several threads. */
interface LineFormat {

  /** One line without its end. */
  String format(ILoggingEvent event);

  /** The name of a level: only warnings and errors are told apart from the rest. */
  static String level(ILoggingEvent event) {
    int level = event.getLevel().toInt();
    return level >= Level.ERROR_INT ? "error" : level >= Level.WARN_INT ? "warning" : "info";
  }

  /** A fact that goes with the event, or null. */
  static @Nullable Object fact(ILoggingEvent event, String key) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      for (KeyValuePair pair : pairs) {
        if (pair.key.equals(key)) {
          return pair.value;
        }
      }
    }
    return null;
  }

  /** The text of the event with that of its exception. */
  static String text(ILoggingEvent event) {
    String text = String.valueOf(event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown == null) {
      return text;
    }
    String message = thrown.getMessage();
    return text + ": " + thrown.getClassName() + (message == null ? "" : ": " + message);
  }
}
