package io.stagepost.config;

import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * Reads OpenWrt's {@code /etc/config/emailrelay} as the options that OpenWrt's script would call
 * the command with; several sections that are enabled become several relays.
 */
public final class UciProcessor implements ConfigProcessor {

  /** The name of the format. */
  public static final String FORMAT = "uci";

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public Future<JsonObject> process(Vertx vertx, JsonObject configuration, Buffer input) {
    return Future.succeededFuture(
        UciOptions.entries(
            configuration.getString("path", ""), input.toString(StandardCharsets.UTF_8)));
  }
}
