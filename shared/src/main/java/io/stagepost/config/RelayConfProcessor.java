package io.stagepost.config;

import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code relay.conf}: HOCON, with its substitutions and includes resolved, as a flat list of
 * settings that still know their file and line.
 */
public final class RelayConfProcessor implements ConfigProcessor {

  /** The name of the format. */
  public static final String FORMAT = "relay";

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public Future<JsonObject> process(Vertx vertx, JsonObject configuration, Buffer input) {
    // Included files are read here. The HOCON library is loaded by nothing but this call.
    return vertx.executeBlocking(
        () ->
            Hocon.flatten(
                configuration.getString("path", ""), input.toString(StandardCharsets.UTF_8)));
  }
}
