package io.stagepost.admin.webhook;

import static io.stagepost.admin.webhook.Receiver.answering;
import static io.stagepost.spool.Await.await;
import static io.stagepost.spool.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.webhook.Delivery.State;
import io.stagepost.bus.DeliveryEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delivery of events to receivers that work, fail, and come back. */
class WebhooksTest {

  @TempDir Path directory;
  private WebhookRig rig;
  private Receiver receiver;

  @BeforeEach
  void start() {
    rig = new WebhookRig(directory);
    receiver = Receiver.start(rig.vertx);
  }

  @AfterEach
  void end() {
    receiver.close();
    rig.close();
  }

  @Test
  void eventsArriveSignedAndFiltered() {
    rig.open();
    rig.append(DeliveryEvent.Type.FORWARDED, "before");
    Webhook hook = rig.add(rig.hook(receiver.url(), DeliveryEvent.Type.FORWARDED));
    rig.append(DeliveryEvent.Type.RECEIVED, "m1");
    rig.append(DeliveryEvent.Type.FORWARDED, "m1");
    rig.append(DeliveryEvent.Type.FORWARDED, "m2");
    until(() -> receiver.requests().size() == 2);
    assertThat(receiver.requests())
        .allMatch(request -> request.isSignedWith(hook.keys().getFirst().secret()))
        .noneMatch(request -> request.isSignedWith(SigningKey.next().secret()))
        .extracting(request -> request.json().getJsonObject("data").getString("id"))
        .containsExactlyInAnyOrder("m1", "m2");
    JsonObject body = receiver.requests().getFirst().json();
    assertThat(body.getString("type")).isEqualTo("forwarded");
    assertThat(body.getString("id")).isEqualTo(receiver.ids().getFirst());
    assertThat(body.getJsonObject("data").getString("relay")).isEqualTo("relay");
    until(() -> rig.deliveries(hook).size() == 2);
    assertThat(rig.deliveries(hook)).allMatch(each -> each.state() == State.DELIVERED);
  }

  @Test
  void w7WhatFailsIsSentAgainWithTheSameId() {
    rig.open();
    receiver.answer(answering(500));
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    until(() -> receiver.requests().size() >= 3);
    receiver.answer(
        request -> request.response().setStatusCode(429).putHeader("Retry-After", "0").end());
    int before = receiver.requests().size();
    until(() -> receiver.requests().size() > before);
    receiver.answer(answering(200));
    until(() -> rig.deliveries(hook).getFirst().state() == State.DELIVERED);
    assertThat(new HashSet<>(receiver.ids())).hasSize(1);
    assertThat(rig.deliveries(hook).getFirst().attempts()).isEqualTo(receiver.requests().size());
  }

  @Test
  void w7WhoDoesNotAnswerIsAskedAgain() {
    rig.timeout(Duration.ofMillis(200)).open();
    receiver.answer(request -> {});
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    until(() -> rig.deliveries(hook).stream().anyMatch(each -> each.attempts() >= 2));
    assertThat(rig.deliveries(hook).getFirst().last().orElseThrow().error())
        .isEqualTo("no answer in time");
    receiver.answer(answering(200));
    until(() -> rig.deliveries(hook).getFirst().state() == State.DELIVERED);
    assertThat(new HashSet<>(receiver.ids())).hasSize(1);
  }

  @Test
  void w7WhatIsGivenUpIsKeptAndReplayed() {
    rig.retry(Duration.ofMillis(100)).open();
    receiver.answer(request -> request.response().setStatusCode(503).end("x".repeat(5_000)));
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    rig.append(DeliveryEvent.Type.FAILED, "m2");
    Hook running = rig.find(hook);
    until(() -> rig.get(() -> running.count(State.DEAD)) == 2);
    Delivery dead = rig.deliveries(hook).getFirst();
    assertThat(dead.last().orElseThrow().status()).isEqualTo(503);
    assertThat(dead.last().orElseThrow().response()).hasSize(1024);
    assertThat(rig.run(() -> running.body(dead.id()))).contains(dead.id());

    receiver.answer(answering(200));
    rig.run(() -> running.replay(dead));
    until(() -> rig.get(() -> running.count(State.DEAD)) == 1);
    until(() -> rig.get(() -> running.count(State.PENDING)) == 0);
    assertThat(rig.run(running::replayDead)).isEqualTo(1);
    until(() -> rig.deliveries(hook).stream().allMatch(d -> d.state() == State.DELIVERED));
    assertThat(new HashSet<>(receiver.ids())).hasSize(2);
  }

  @Test
  void nothingIsForgottenOverARestart() {
    rig.open();
    receiver.answer(answering(500));
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    until(() -> rig.get(() -> rig.webhooks().count(false)) == 1);
    rig.end();
    rig.append(DeliveryEvent.Type.FAILED, "m2");
    receiver.answer(answering(200));
    rig.open();
    until(() -> rig.deliveries(hook).size() == 2);
    until(() -> rig.deliveries(hook).stream().allMatch(d -> d.state() == State.DELIVERED));
    assertThat(rig.find(hook).webhook().keys()).isEqualTo(hook.keys());
    assertThat(new HashSet<>(receiver.ids())).hasSize(2);
  }

  @Test
  void oneProcessAtATimeSends() {
    rig.open();
    Webhook hook = rig.add(rig.hook(receiver.url()));
    try (WebhookRig other = new WebhookRig(directory)) {
      other.open();
      assertThat(other.webhooks().isOurs()).isFalse();
      rig.append(DeliveryEvent.Type.FAILED, "m1");
      until(() -> rig.deliveries(hook).size() == 1);
      rig.end();
      until(() -> other.webhooks().isOurs());
      rig.append(DeliveryEvent.Type.FAILED, "m2");
      until(() -> receiver.requests().size() == 2);
    }
  }

  @Test
  void whoIsGoneIsAskedNoMore() {
    rig.open();
    receiver.answer(answering(410));
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    until(() -> !rig.find(hook).webhook().isEnabled());
    rig.append(DeliveryEvent.Type.FAILED, "m2");
    receiver.answer(answering(200));
    Webhook enabled = rig.find(hook).webhook().withDisabled(Optional.empty());
    rig.run(() -> rig.webhooks().change(enabled));
    // Those of one page are sent side by side, those of the next one after them.
    appendAndAwait("m3");
    appendAndAwait("m4");
    until(() -> rig.get(() -> rig.webhooks().count(false)) == 0);
    assertThat(receiver.requests()).noneMatch(request -> request.body().contains("\"m2\""));
  }

  @Test
  void whatHappensWhileItIsDisabledPassesEvenWhenTheDiskIsSlow() {
    rig.open();
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.saves().hold();
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    rig.saves().awaitOne();
    Webhook disabled = hook.withDisabled(Optional.of("for a test"));
    Future<Void> disabling = rig.begin(() -> rig.webhooks().change(disabled));
    until(() -> !rig.find(hook).webhook().isEnabled());
    rig.append(DeliveryEvent.Type.FAILED, "m2");
    rig.saves().release();
    await(disabling);
    rig.run(() -> rig.webhooks().change(hook));
    // Those of one page are sent side by side, those of the next one after them.
    appendAndAwait("m3");
    appendAndAwait("m4");
    assertThat(receiver.requests()).noneMatch(request -> request.body().contains("\"m2\""));
  }

  @Test
  void roomForFurtherEventsDoesNotBringBackOldOnes() {
    rig.open();
    receiver.answer(answering(500));
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    until(() -> rig.get(() -> rig.webhooks().count(false)) == 1);
    rig.run(() -> rig.webhooks().change(hook.withDisabled(Optional.of("for a test"))));
    rig.append(DeliveryEvent.Type.FAILED, "m2");
    receiver.answer(answering(200));
    // Where it begins isn't known yet when the first of those that were kept has been taken.
    rig.saves().hold();
    Future<Void> enabling = rig.begin(() -> rig.webhooks().change(hook));
    until(() -> rig.get(() -> rig.webhooks().count(false)) == 0);
    rig.saves().awaitOne();
    rig.saves().release();
    await(enabling);
    appendAndAwait("m3");
    appendAndAwait("m4");
    assertThat(receiver.requests()).noneMatch(request -> request.body().contains("\"m2\""));
  }

  private void appendAndAwait(String id) {
    rig.append(DeliveryEvent.Type.FAILED, id);
    until(() -> receiver.requests().stream().anyMatch(r -> r.body().contains(id)));
  }

  @Test
  void severalEventsMakeOneRequest() {
    rig.open();
    Webhook plain = rig.hook(receiver.url(), DeliveryEvent.Type.FORWARDED);
    rig.add(
        new Webhook(
            plain.id(),
            plain.url(),
            "",
            plain.types(),
            plain.relays(),
            new Webhook.Batch(3, Duration.ofSeconds(1)),
            plain.created(),
            plain.disabled(),
            plain.keys()));
    for (int i = 0; i < 7; i++) {
      rig.append(DeliveryEvent.Type.FORWARDED, "m" + i);
    }
    until(() -> events() == 7);
    assertThat(receiver.requests())
        .allMatch(request -> request.isSignedWith(plain.keys().getFirst().secret()))
        .allMatch(request -> request.json().getString("type").equals("batch"))
        .allMatch(request -> request.json().getJsonArray("data").size() <= 3)
        .hasSizeLessThan(7);
  }

  private int events() {
    return receiver.requests().stream()
        .map(request -> request.json().getJsonArray("data"))
        .mapToInt(JsonArray::size)
        .sum();
  }

  @Test
  void bothSecretsSignWhileOneReplacesTheOther() {
    rig.open();
    Webhook hook = rig.add(rig.hook(receiver.url()));
    Webhook rotated =
        rig.run(
            () ->
                rig.webhooks()
                    .rotate(rig.webhooks().find(hook.id()).orElseThrow(), Duration.ofHours(1)));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    until(() -> receiver.requests().size() == 1);
    String old = hook.keys().getFirst().secret();
    String next = rotated.keys().getFirst().secret();
    assertThat(receiver.requests().getFirst().isSignedWith(old)).isTrue();
    assertThat(receiver.requests().getFirst().isSignedWith(next)).isTrue();
    rig.run(
        () -> rig.webhooks().rotate(rig.webhooks().find(hook.id()).orElseThrow(), Duration.ZERO));
    rig.append(DeliveryEvent.Type.FAILED, "m2");
    until(() -> receiver.requests().size() == 2);
    assertThat(receiver.requests().getLast().isSignedWith(old)).isFalse();
    assertThat(receiver.requests().getLast().isSignedWith(next)).isFalse();
  }

  @Test
  void aTestIsSentOnce() {
    rig.open();
    Webhook hook = rig.add(rig.hook(receiver.url(), DeliveryEvent.Type.FAILED));
    receiver.answer(answering(500));
    Hook running = rig.find(hook);
    assertThat(rig.run(running::test).state()).isEqualTo(State.DEAD);
    receiver.answer(answering(200));
    assertThat(rig.run(running::test).state()).isEqualTo(State.DELIVERED);
    assertThat(receiver.requests())
        .hasSize(2)
        .allMatch(request -> request.json().getString("type").equals("test"));
  }

  @Test
  void removedHooksLeaveNothing() {
    rig.open();
    receiver.answer(answering(500));
    Webhook hook = rig.add(rig.hook(receiver.url()));
    rig.append(DeliveryEvent.Type.FAILED, "m1");
    until(() -> rig.get(() -> rig.webhooks().count(false)) == 1);
    rig.run(() -> rig.webhooks().remove(hook.id()));
    assertThat(List.copyOf(rig.get(() -> rig.webhooks().all()))).isEmpty();
    rig.end();
    rig.open();
    assertThat(directory.resolve(".stagepost/console/webhooks/" + hook.id())).doesNotExist();
    assertThat(directory.resolve(".stagepost/cursors/webhook." + hook.id() + ".cursor"))
        .doesNotExist();
  }
}
