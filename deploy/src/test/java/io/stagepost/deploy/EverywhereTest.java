package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stagepost.net.AddressText;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.Listeners;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Sockets for all addresses of a family. */
@EnabledIf("hasIpv6")
class EverywhereTest {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final List<ListenAddress> announced = new CopyOnWriteArrayList<>();

  static boolean hasIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6"));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void eachFamilyHasItsOwn() throws IOException {
    open("one", new ListenAddress.Inet("0.0.0.0", 0));
    int port = port();
    assertThatThrownBy(() -> greeting("::1", port)).isInstanceOf(ConnectException.class);
    open("other", new ListenAddress.Inet("::", port));
    assertThat(announced).extracting(Object::toString).contains("0.0.0.0:" + port, "::." + port);
    assertThat(greeting("127.0.0.1", port)).isEqualTo("one 127.0.0.1");
    assertThat(greeting("::1", port)).isEqualTo("other ::1");
  }

  @Test
  void instancesShareThem() throws IOException {
    List<Listeners> instances = new ArrayList<>();
    for (String name : List.of("first", "second")) {
      instances.add(listeners("shared", name));
      await(instances.getLast().open(List.of(new ListenAddress.Inet("0.0.0.0", 0))));
    }
    int port = port();
    for (Listeners instance : instances) {
      await(instance.open(List.of(new ListenAddress.Inet("::", port))));
    }
    List<String> greeters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      greeters.add(greeting("127.0.0.1", port));
      greeters.add(greeting("::1", port));
    }
    assertThat(greeters).contains("first 127.0.0.1", "second ::1");
    await(instances.getFirst().close());
    assertThat(greeting("::1", port)).isEqualTo("second ::1");
    await(instances.getLast().close());
    awaitRefusal(port);
    open("again", new ListenAddress.Inet("::", port));
    assertThat(greeting("::1", port)).isEqualTo("again ::1");
  }

  @Test
  void anAddressThatIsTakenIsTold() throws IOException {
    open("one", new ListenAddress.Inet("::", 0));
    assertThatThrownBy(() -> open("other", new ListenAddress.Inet("::", port())))
        .isInstanceOf(BindException.class)
        .hasMessage("cannot listen on ::." + port() + ": Address already in use");
  }

  private void open(String name, ListenAddress address) {
    await(listeners(name, name).open(List.of(address)));
  }

  /** One instance, which tells its clients its name and what it takes them for. */
  private Listeners listeners(String service, String name) {
    Promise<Listeners> made = Promise.promise();
    vertx.runOnContext(
        v ->
            made.complete(
                new Listeners(
                    vertx,
                    service,
                    new NetServerOptions(),
                    socket -> {
                      String client = AddressText.host(socket.remoteAddress());
                      socket.write(name + " " + client).onComplete(w -> socket.close());
                    },
                    new Listeners.Events() {
                      @Override
                      public void listening(ListenAddress actual) {
                        announced.add(actual);
                      }

                      @Override
                      public void missing(ListenAddress.Interface wanted) {}

                      @Override
                      public void failed(Throwable cause) {}
                    })));
    return await(made.future());
  }

  private static String greeting(String host, int port) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** The last instance leaves the socket to be closed in its own time. */
  private static void awaitRefusal(int port) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end) {
      try {
        greeting("::1", port);
      } catch (ConnectException e) {
        return;
      } catch (SocketException e) {
        // It was closed with this connection still in its queue.
      }
    }
    throw new AssertionError("somebody listens still");
  }

  private int port() {
    return ((ListenAddress.Inet) announced.getFirst()).port();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("it took too long", e);
    }
  }
}
