package io.stagepost.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.smtp.ReplyCode;
import io.stagepost.spool.MessageId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BusMessagesTest {

  static Stream<Object> messages() {
    return Stream.of(
        new BusMessages.Stored(new MessageId("emailrelay.1.2.3"), "s1"),
        new BusMessages.SessionClosed("s1"),
        new BusMessages.RunRequest("admin"),
        new BusMessages.ImmediateRequest("s1", new MessageId("emailrelay.1.2.3")),
        new BusMessages.ImmediateReply(ReplyCode.MAILBOX_UNAVAILABLE_550, "nö"),
        new BusMessages.FlushRequest(),
        new BusMessages.FlushReply(3, "connect failure"),
        new BusMessages.DnsblControl(Duration.ofSeconds(30)),
        new BusMessages.DnsblControl(BusMessages.DnsblControl.FOR_EVER),
        BusMessages.SmtpControl.DISABLE);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void crossesTheWireUnchanged(Object message) {
    MessageCodec<Object, Object> codec = codecs().get(message.getClass());
    Buffer wire = Buffer.buffer("before");
    codec.encodeToWire(wire, message);
    wire.appendString("after");
    assertThat(codec.decodeFromWire("before".length(), wire)).isEqualTo(message);
  }

  @Test
  void deliveryEventIsVersionedJson() {
    DeliveryEvent event =
        new DeliveryEvent(
            DeliveryEvent.Type.FORWARDED,
            Instant.parse("2026-11-21T01:33:02Z"),
            "relay",
            "emailrelay.1.2.3",
            Map.of("to", List.of("bob@b.test")));
    assertThat(event.toJson().encode())
        .isEqualTo(
            "{\"version\":1,\"type\":\"forwarded\",\"time\":\"2026-11-21T01:33:02Z\","
                + "\"relay\":\"relay\",\"id\":\"emailrelay.1.2.3\",\"to\":[\"bob@b.test\"]}");
  }

  /** What is registered, by message type. */
  private static Map<Class<?>, MessageCodec<Object, Object>> codecs() {
    Map<Class<?>, MessageCodec<Object, Object>> codecs = new HashMap<>();
    InvocationHandler recorder =
        (proxy, method, arguments) -> {
          @SuppressWarnings("unchecked")
          MessageCodec<Object, Object> codec = (MessageCodec<Object, Object>) arguments[1];
          codecs.put((Class<?>) arguments[0], codec);
          return proxy;
        };
    BusMessages.registerCodecs(
        (EventBus)
            Proxy.newProxyInstance(
                EventBus.class.getClassLoader(), new Class<?>[] {EventBus.class}, recorder));
    return codecs;
  }
}
