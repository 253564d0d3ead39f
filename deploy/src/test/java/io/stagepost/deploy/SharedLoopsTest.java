package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SharedLoopsTest {

  private static Vertx vertx() {
    return Vertx.builder().withTransport(SharedLoops.ofSystem()).build();
  }

  private static Set<Thread> madeSince(Set<Thread> before) {
    Set<Thread> made = new HashSet<>(Thread.getAllStackTraces().keySet());
    made.removeAll(before);
    return made;
  }

  @Test
  void connectionsAreSharedAmongInstancesAndNoThreadOnlyAccepts() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Vertx vertx = vertx();
    try {
      LinkedBlockingQueue<String> threads = new LinkedBlockingQueue<>();
      Set<Integer> ports = ConcurrentHashMap.newKeySet();
      vertx
          .deployVerticle(
              () ->
                  new VerticleBase() {
                    @Override
                    public Future<?> start() {
                      return vertx
                          .createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(-1))
                          .connectHandler(socket -> threads.add(Thread.currentThread().getName()))
                          .listen()
                          .onSuccess(server -> ports.add(server.actualPort()));
                    }
                  },
              new DeploymentOptions().setInstances(2))
          .await(10, TimeUnit.SECONDS);
      assertThat(ports).hasSize(1);
      int port = ports.iterator().next();
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        seen.add(threads.poll(10, TimeUnit.SECONDS));
        client.close();
      }
      assertThat(seen).doesNotContainNull();
      assertThat(seen.stream().distinct()).hasSize(2);
      assertThat(madeSince(before))
          .extracting(Thread::getName)
          .noneMatch(name -> name.contains("acceptor"));
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aMessageBehindShortCommandsIsReadWhole() throws Exception {
    Vertx vertx = vertx();
    try {
      LinkedBlockingQueue<Integer> reads = new LinkedBlockingQueue<>();
      int port =
          vertx
              .createNetServer()
              .connectHandler(socket -> socket.handler(octets -> reads.add(octets.length())))
              .listen(0, "127.0.0.1")
              .await(10, TimeUnit.SECONDS)
              .actualPort();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        for (int i = 0; i < 10; i++) {
          client.getOutputStream().write(new byte[10]);
          assertThat(reads.poll(10, TimeUnit.SECONDS)).isEqualTo(10);
        }
        client.getOutputStream().write(new byte[6_000]);
        assertThat(reads.poll(10, TimeUnit.SECONDS)).isEqualTo(6_000);
      }
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aClosedOneLeavesNoThread() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Vertx vertx = vertx();
    vertx
        .createNetServer()
        .connectHandler(socket -> {})
        .listen(0, "127.0.0.1")
        .await(10, TimeUnit.SECONDS);
    List<Thread> loops =
        madeSince(before).stream()
            .filter(thread -> thread.getName().startsWith("vert.x-eventloop"))
            .toList();
    assertThat(loops).isNotEmpty();

    vertx.close().await(10, TimeUnit.SECONDS);

    for (Thread loop : loops) {
      loop.join(10_000);
      assertThat(loop.isAlive()).isFalse();
    }
  }

  // What is not passed on would behave as no transport does.
  @Test
  void everythingElseIsLeftToTheSystem() {
    Stream<Method> all =
        Stream.of(Transport.class.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()));

    assertThat(all)
        .isNotEmpty()
        .allSatisfy(
            method ->
                assertThat(
                        SharedLoops.class
                            .getMethod(method.getName(), method.getParameterTypes())
                            .getDeclaringClass())
                    .isEqualTo(SharedLoops.class));
  }
}
