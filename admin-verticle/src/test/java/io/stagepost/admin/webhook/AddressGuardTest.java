package io.stagepost.admin.webhook;

import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.webhook.AddressGuard.RefusedException;
import io.stagepost.net.AddressRanges;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where webhooks may go. */
class AddressGuardTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() {
    await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1.2.3",
        "0.0.0.0",
        "10.1.2.3",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "172.31.255.255",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1"
      })
  void w3PrivatePlacesAreRefused(String address) throws UnknownHostException {
    InetAddress found = InetAddress.getByName(address);
    AddressGuard guard =
        new AddressGuard(
            AddressRanges.parse(List.of()), host -> Future.succeededFuture(List.of(found)));
    assertThat(failure(guard.check("https://hook.example/x"))).isInstanceOf(RefusedException.class);
    // Nor when it hides behind one that is public.
    InetAddress open = InetAddress.getByName("93.184.216.34");
    AddressGuard mixed =
        new AddressGuard(
            AddressRanges.parse(List.of()), host -> Future.succeededFuture(List.of(open, found)));
    assertThat(failure(mixed.check("https://hook.example/x"))).isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]:8443/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://localhost/",
        "http://93.184.216.34/",
        "https://user:secret@93.184.216.34/",
        "https://93.184.216.34/#x",
        "ftp://93.184.216.34/",
        "file:///etc/passwd",
        "https:///x",
        "https://93.184.216.34:0/",
        "not an address"
      })
  void w3AddressesInDisguiseAreRefused(String url) {
    AddressGuard guard = AddressGuard.of(vertx, AddressRanges.parse(List.of()));
    assertThat(failure(guard.check(url))).isInstanceOf(RefusedException.class);
  }

  @Test
  void publicAndListedPlacesAreAllowed() {
    AddressGuard guard = AddressGuard.of(vertx, AddressRanges.parse(List.of("127.0.0.0/8")));
    assertThat(await(guard.check("https://93.184.216.34/a?b=c")).path()).isEqualTo("/a?b=c");
    assertThat(await(guard.check("http://127.0.0.1:81")).port()).isEqualTo(81);
  }

  @Test
  void w3ANameThatChangesIsNotLookedUpAgain() throws UnknownHostException {
    try (Receiver receiver = Receiver.start(vertx)) {
      AtomicInteger lookups = new AtomicInteger();
      InetAddress open = InetAddress.getByName("127.0.0.2");
      InetAddress closed = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      // The first answer may be connected to, and nobody listens there; the second may not.
      AddressGuard guard =
          new AddressGuard(
              AddressRanges.parse(List.of("127.0.0.2")),
              host ->
                  Future.succeededFuture(List.of(lookups.getAndIncrement() == 0 ? open : closed)));
      Sender sender = sender(guard, new HttpClientOptions());
      String url = "http://localhost:" + receiver.port() + "/";
      assertThat(await(sender.send(hook(url), "evt_1", "{}")).error()).contains("127.0.0.2");
      assertThat(lookups).hasValue(1);
      assertThat(await(sender.send(hook(url), "evt_1", "{}")).error()).contains("not allowed");
      assertThat(receiver.requests()).isEmpty();
      await(sender.close());
    }
  }

  @Test
  void w3RedirectsAreNotFollowed() {
    try (Receiver receiver = Receiver.start(vertx)) {
      Sender sender = sender(allowing(), new HttpClientOptions());
      receiver.answer(
          request ->
              request
                  .response()
                  .setStatusCode(307)
                  .putHeader("Location", "http://127.0.0.1:" + receiver.port() + "/other")
                  .end());
      assertThat(await(sender.send(hook(receiver.url()), "evt_1", "{}")).status()).isEqualTo(307);
      assertThat(receiver.requests()).hasSize(1);
      await(sender.close());
    }
  }

  @Test
  void certificatesAreChecked() {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    HttpServerOptions tls =
        new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.keyCertOptions());
    try (Receiver receiver = Receiver.start(vertx, tls)) {
      String named = "https://localhost:" + receiver.port() + "/";
      Sender strict = sender(allowing(), new HttpClientOptions());
      assertThat(await(strict.send(hook(named), "evt_1", "{}")).status()).isZero();
      Sender trusting =
          sender(allowing(), new HttpClientOptions().setTrustOptions(certificate.trustOptions()));
      assertThat(await(trusting.send(hook(named), "evt_1", "{}")).status()).isEqualTo(204);
      String other = "https://127.0.0.1:" + receiver.port() + "/";
      assertThat(await(trusting.send(hook(other), "evt_1", "{}")).status()).isZero();
      assertThat(receiver.requests()).hasSize(1);
      await(strict.close());
      await(trusting.close());
    } finally {
      certificate.delete();
    }
  }

  private static AddressGuard allowing() {
    return new AddressGuard(
        AddressRanges.parse(List.of("127.0.0.1")),
        host -> Future.succeededFuture(List.of(loopback())));
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private Sender sender(AddressGuard guard, HttpClientOptions options) {
    return new Sender(vertx, guard, Duration.ofSeconds(30), Clock.systemUTC(), options);
  }

  private static Webhook hook(String url) {
    return new Webhook(
        "wh-1",
        url,
        "",
        Set.of(),
        Set.of(),
        Webhook.Batch.NONE,
        Clock.systemUTC().instant(),
        Optional.empty(),
        List.of(SigningKey.next()));
  }
}
