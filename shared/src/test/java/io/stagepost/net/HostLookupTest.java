package io.stagepost.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.HostLookup.Family;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostLookupTest {

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setAddressResolverOptions(
                  new AddressResolverOptions()
                      .setHostsValue(
                          Buffer.buffer("127.0.0.2 h.test\n::1 h.test\n127.0.0.1 h.test\n"))
                      .addServer("127.0.0.1:1")
                      .setMaxQueries(1)
                      .setQueryTimeout(100)));
  private final HostLookup lookup = new HostLookup(vertx);

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static List<String> found(Future<List<InetAddress>> lookup) throws Exception {
    return lookup.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS).stream()
        .map(InetAddress::getHostAddress)
        .toList();
  }

  @Test
  void allAddressesOfAName() throws Exception {
    assertThat(found(lookup.resolve("h.test", Family.ANY)))
        .containsExactlyInAnyOrder("127.0.0.2", "127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  @Test
  void thoseOfAFamily() throws Exception {
    assertThat(found(lookup.resolve("h.test", Family.IPV6))).containsExactly("0:0:0:0:0:0:0:1");
    assertThat(found(lookup.resolve("h.test", Family.of("127.0.0.1"))))
        .containsExactly("127.0.0.2", "127.0.0.1");
  }

  @Test
  void anAddressStandsForItself() throws Exception {
    assertThat(found(lookup.resolve("::1", Family.ANY))).containsExactly("0:0:0:0:0:0:0:1");
    assertThat(lookup.resolve("127.0.0.1", Family.IPV6).cause())
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void anUnknownName() throws Exception {
    Throwable cause =
        lookup
            .resolve("unknown.test", Family.ANY)
            .map(List::toString)
            .recover(e -> Future.succeededFuture(e.getClass().getSimpleName()))
            .toCompletionStage()
            .toCompletableFuture()
            .handle((text, e) -> new IllegalStateException(text))
            .get(30, TimeUnit.SECONDS);
    assertThat(cause).hasMessage("UnknownHostException");
  }
}
