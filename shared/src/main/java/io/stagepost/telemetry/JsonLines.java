package io.stagepost.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line: {@code time}, {@code level}, {@code program}, {@code text}, and where
 * they are known {@code unit}, {@code address}, {@code port}, {@code msgid}; lines of libraries
 * also have {@code logger}, and exceptions {@code stack}.
 *
 * <p>Texts longer than {@value #LONGEST} characters and stacks of more than {@value #DEEPEST}
 * frames are cut.
 */
final class JsonLines implements LineFormat {

  static final int LONGEST = 8000;
  static final int DEEPEST = 40;

  private final String program;

  JsonLines(String program) {
    this.program = program;
  }

  @Override
  public String format(ILoggingEvent event) {
    JsonObject line =
        new JsonObject()
            .put("time", event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
            .put("level", LineFormat.level(event))
            .put("program", program);
    putIfKnown(line, "unit", LineFormat.fact(event, RelayLog.UNIT));
    putIfKnown(line, "address", LineFormat.fact(event, RelayLog.ADDRESS));
    putIfKnown(line, "port", LineFormat.fact(event, RelayLog.PORT));
    putIfKnown(line, "msgid", LineFormat.fact(event, RelayLog.MESSAGE));
    if (!event.getLoggerName().equals(RelayLog.LOGGER)) {
      line.put("logger", event.getLoggerName());
    }
    line.put("text", cut(LineFormat.text(event)));
    if (event.getThrowableProxy() != null) {
      line.put("stack", stack(event.getThrowableProxy().getStackTraceElementProxyArray()));
    }
    return line.encode();
  }

  private static void putIfKnown(JsonObject line, String key, @Nullable Object fact) {
    if (fact != null) {
      line.put(key, fact instanceof Number ? fact : fact.toString());
    }
  }

  private static JsonArray stack(StackTraceElementProxy[] frames) {
    JsonArray stack = new JsonArray();
    for (int i = 0; i < Math.min(frames.length, DEEPEST); i++) {
      stack.add(frames[i].getSTEAsString());
    }
    return stack;
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + " ...";
  }
}
