package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.delivery.DeliveryTables.Receiver;
import weir.event.Position;

class CourierTest {
  private static final String URL = "https://receiver.example/hook";

  @TempDir Path folder;
  private final Receiver receiver = new Receiver();
  private DeliveryTables tables;
  private DeliveryStore store;
  private DeadLetters letters;
  private Courier courier;
  private boolean inForce = true;

  @BeforeEach
  void open() throws IOException {
    tables = new DeliveryTables(folder);
    store = tables.store();
    letters = tables.letters();
    courier =
        new Courier(
            store,
            letters,
            tables.events,
            receiver,
            (project, key) -> inForce,
            DeliveryTables.OPTIONS,
            tables.clock,
            new DeliveryMetrics(new SimpleMeterRegistry()));
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private Delivery delivery(Target target) throws DeliveryException {
    return store.create("shop", "hook", target, "key_1", Position.START, 10);
  }

  /** Steps until there is nothing to do; time passes meanwhile. Answers the waits on the way. */
  private List<Duration> run(Delivery delivery) throws Exception {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Optional<Duration> pause = courier.step(delivery.id(), i == 0);
      if (pause.isEmpty() || (pause.get().isPositive() && now(delivery).pending().isEmpty())) {
        return waits;
      }
      if (pause.get().isPositive()) {
        waits.add(pause.get());
      }
      tables.clock.advance(pause.get());
    }
    throw new IllegalStateException("no end");
  }

  private Delivery now(Delivery delivery) {
    return store.find(delivery.id()).orElseThrow();
  }

  @Test
  void whatIsAskedForComesInOrderAndInBoundedBatches() throws Exception {
    Delivery delivery =
        delivery(
            new Target(
                java.net.URI.create(URL), Set.of("ordered"), "dish like '%pie' or dish = 'x'", 10));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String dish = i % 7 == 0 ? "apple pie" : "soup";
      String id = tables.append(i % 5 == 0 ? "other" : "shop", "ordered", dish);
      if (i % 7 == 0 && i % 5 != 0) {
        expected.add(id);
      }
      tables.append("shop", "viewed", "pie");
    }
    run(delivery);
    assertThat(receiver.taken()).isEqualTo(expected);
    assertThat(receiver.requests)
        .allMatch(each -> DeliveryTables.ids(each.body()).size() <= 10)
        .allMatch(each -> each.body().length < 4_300);
    assertThat(new String(receiver.requests.getFirst().body(), StandardCharsets.UTF_8))
        .startsWith(
            "{\"type\":\"weir.events\",\"timestamp\":\"2026-01-08T00:00:00Z\",\"project\":\"shop\","
                + "\"delivery\":\"hook\",\"events\":[{\"event\":\"ordered\"")
        .endsWith("}}]}");
    assertThat(now(delivery).delivered()).isEqualTo(expected.size());
    assertThat(now(delivery).pending()).isEmpty();
  }

  @Test
  void whatIsForgottenWhileItIsSentLeavesNoDeadLetter() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    receiver.rule =
        (headers, body) -> {
          store.delete(delivery.id());
          return Receiver.answer(422);
        };
    for (int i = 0; i < 10 && courier.step(delivery.id(), true).isPresent(); i++) {
      tables.clock.advance(Courier.LINGER);
    }
    assertThat(receiver.requests).hasSize(1);
    assertThat(letters.count()).isZero();
  }

  @Test
  void aBatchThatWasCutForAnotherTargetIsNotBegun() throws Exception {
    Delivery read = delivery(DeliveryTables.target(URL));
    Instant now = tables.clock.instant();
    Delivery.Pending batch = new Delivery.Pending("msg_1", new Position(9), 1, now, 0, now);
    assertThat(store.retarget(read, DeliveryTables.target(URL + "/elsewhere"))).isTrue();
    assertThat(store.retarget(read, DeliveryTables.target(URL + "/late"))).isFalse();
    store.begin(read, batch);
    assertThat(store.find(read.id()).orElseThrow().pending()).isEmpty();
    store.begin(store.find(read.id()).orElseThrow(), batch);
    assertThat(store.find(read.id()).orElseThrow().pending()).contains(batch);
  }

  @Test
  void thoseOfAClosedProjectRestAndCountForNobody() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables
        .database
        .jdbi()
        .useHandle(
            handle -> handle.execute("update projects set closed_at = 1 where name = 'shop'"));
    tables.append("shop", "a", "x");
    assertThat(courier.step(delivery.id(), true)).isEmpty();
    assertThat(receiver.requests).isEmpty();
    assertThat(store.all()).isEmpty();
    assertThat(
            store.create("other", "hook", DeliveryTables.target(URL), "key_1", Position.START, 1))
        .as("its place is free")
        .isNotNull();
  }

  @Test
  void aListOfNoDeadLettersNamesNone() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    receiver.rule = (headers, body) -> Receiver.answer(422);
    run(delivery);
    assertThat(letters.count(delivery.id())).isEqualTo(1);
    assertThat(letters.want(delivery.id(), Optional.of(List.of()))).isZero();
    assertThat(letters.want(delivery.id(), Optional.of(List.of("dl_other")))).isZero();
    assertThat(letters.want(delivery.id(), Optional.empty())).isEqualTo(1);
  }

  @Test
  void aFailedBatchIsTriedAgainAsItWasAndThenLater() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    receiver.rule = (headers, body) -> Receiver.answer(receiver.requests.size() < 4 ? 503 : 200);
    courier.step(delivery.id(), false);
    tables.append("shop", "b", "x"); // comes with the next batch
    List<Duration> waits = run(delivery);
    assertThat(receiver.requests).hasSizeGreaterThan(5);
    assertThat(receiver.requests.subList(0, 5))
        .allMatch(each -> each.id().equals(receiver.requests.getFirst().id()))
        .allMatch(
            each -> java.util.Arrays.equals(each.body(), receiver.requests.getFirst().body()));
    for (int i = 0; i < 4; i++) {
      assertThat(waits.get(i).toMillis())
          .isBetween((long) (700 * Math.pow(2, i)), (long) (1_300 * Math.pow(2, i)));
    }
    assertThat(receiver.taken()).containsExactly("e0", "e1");
  }

  @Test
  void theReceiverSaysWhenItWantsToBeAskedAgain() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    receiver.rule =
        (headers, body) ->
            receiver.requests.isEmpty()
                ? new Sender.Answered(429, Optional.of(Duration.ofHours(2)))
                : Receiver.answer(200);
    courier.step(delivery.id(), false);
    courier.step(delivery.id(), false);
    assertThat(courier.step(delivery.id(), false)).contains(Duration.ofHours(2));
    tables.clock.advance(Duration.ofHours(2));
    run(delivery);
    assertThat(receiver.taken()).containsExactly("e0");
  }

  @Test
  void afterTheLastAttemptTheStreamGoesOn() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL, "a", "b"));
    tables.append("shop", "a", "x");
    courier.step(delivery.id(), false);
    tables.append("shop", "b", "x");
    receiver.rule =
        (headers, body) ->
            DeliveryTables.ids(body).contains("e0")
                ? new Sender.Unanswered("connection refused")
                : Receiver.answer(200);
    run(delivery);
    assertThat(receiver.taken()).containsExactly("e1");
    DeadLetter letter = letters.list(delivery.id(), "", 10).getFirst();
    assertThat(letter.reason()).isEqualTo("connection refused");
    assertThat(letter.events()).isEqualTo(1);
    String request = receiver.requests.getFirst().id();
    assertThat(letter.request()).isEqualTo(request);

    receiver.rule = (headers, body) -> Receiver.answer(500);
    assertThat(letters.want(delivery.id(), Optional.of(List.of(letter.id())))).isEqualTo(1);
    run(delivery);
    assertThat(letters.list(delivery.id(), "", 10).getFirst().reason()).isEqualTo("status 500");
    receiver.rule = (headers, body) -> Receiver.answer(200);
    assertThat(letters.want(delivery.id(), Optional.empty())).isEqualTo(1);
    run(delivery);
    assertThat(letters.list(delivery.id(), "", 10)).isEmpty();
    assertThat(receiver.requests.getLast().id()).isEqualTo(request);
    assertThat(receiver.requests.getLast().body()).isEqualTo(receiver.requests.getFirst().body());
  }

  @Test
  void theEventThatIsNotWantedIsFound() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    for (int i = 0; i < 30; i++) {
      tables.append("shop", "a", i == 13 || i == 29 ? "poison" : "x");
    }
    receiver.rule =
        (headers, body) ->
            Receiver.answer(
                new String(body, StandardCharsets.UTF_8).contains("poison") ? 422 : 200);
    run(delivery);
    List<DeadLetter> dead = letters.list(delivery.id(), "", 10);
    assertThat(dead).hasSize(2).allMatch(letter -> letter.events() == 1);
    assertThat(DeliveryTables.ids(letters.body(delivery.id(), dead.get(0).id()).orElseThrow()))
        .containsExactly("e13");
    assertThat(DeliveryTables.ids(letters.body(delivery.id(), dead.get(1).id()).orElseThrow()))
        .containsExactly("e29");
    assertThat(receiver.taken()).hasSize(28).doesNotHaveDuplicates();
    assertThat(receiver.requests).hasSizeLessThan(30);
  }

  @Test
  void aReceiverThatIsGoneIsLeftInPeace() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    receiver.rule = (headers, body) -> Receiver.answer(410);
    run(delivery);
    assertThat(now(delivery).paused()).isTrue();
    assertThat(now(delivery).why()).contains("410");
    tables.append("shop", "b", "x");
    run(delivery);
    assertThat(receiver.requests).hasSize(1);
    receiver.rule = (headers, body) -> Receiver.answer(200);
    store.resume(delivery.id(), "key_2");
    run(delivery);
    assertThat(receiver.taken()).containsExactly("e0", "e1");
    assertThat(receiver.requests.get(1).id()).isEqualTo(receiver.requests.get(0).id());
    assertThat(now(delivery).madeBy()).isEqualTo("key_2");
  }

  @Test
  void whatIsKeptNoMoreIsToldOf() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    tables.append("shop", "b", "x");
    courier.step(delivery.id(), false);
    tables.log.releaseBefore(tables.events.end());
    tables.append("shop", "c", "x");
    run(delivery);
    assertThat(receiver.taken()).containsExactly("e2");
    DeadLetter gap = letters.lastGap(delivery.id()).orElseThrow();
    assertThat(gap.isGap()).isTrue();
    assertThat(gap.reason()).contains("too far behind", "taps.held_log");
    assertThat(letters.want(delivery.id(), Optional.empty())).as("nothing to deliver").isZero();
  }

  @Test
  void aRevokedKeyEndsWhatItMade() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    inForce = false;
    run(delivery);
    assertThat(receiver.requests).isEmpty();
    assertThat(now(delivery).why()).contains("revoked");
  }

  @Test
  void bothSecretsSignDuringARotation() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    String before = delivery.secrets().secret();
    String after = store.rotate(delivery.id(), Duration.ofHours(24));
    tables.append("shop", "a", "x");
    run(delivery);
    assertThat(
            receiver.requests.getLast().headers().getOrDefault("webhook-signature", "").split(" "))
        .hasSize(2);
    assertThat(after).startsWith("whsec_").isNotEqualTo(before);
    tables.clock.advance(Duration.ofHours(25));
    tables.append("shop", "b", "x");
    run(delivery);
    assertThat(
            receiver.requests.getLast().headers().getOrDefault("webhook-signature", "").split(" "))
        .hasSize(1);
  }

  @Test
  void deadLettersAreBoundedAndExpire() throws Exception {
    DeadLetters few =
        new DeadLetters(tables.database.jdbi(), tables.clock, 3_000, Duration.ofDays(1));
    Delivery delivery = delivery(DeliveryTables.target(URL));
    for (int i = 0; i < 10; i++) {
      int events = i;
      tables
          .database
          .jdbi()
          .useTransaction(handle ->
              few.add(handle, delivery.id(), "msg_" + events, events, new byte[400], "no"));
      tables.clock.advance(Duration.ofHours(1));
    }
    assertThat(few.list(delivery.id(), "", 10))
        .extracting(DeadLetter::events)
        .containsExactly(7, 8, 9);
    String first = few.list(delivery.id(), "", 1).getFirst().id();
    assertThat(few.list(delivery.id(), first, 1)).extracting(DeadLetter::events).containsExactly(8);
    tables.clock.advance(Duration.ofHours(22));
    assertThat(few.expire()).isEqualTo(2);
    assertThat(few.count(delivery.id())).isEqualTo(1);
  }

  @Test
  void eventsOfOthersArePassedWithFewWrites() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL, "rare"));
    for (int i = 0; i < 50; i++) {
      tables.append("shop", "viewed", "x");
      tables.clock.advance(Duration.ofMillis(500));
      courier.step(delivery.id(), false);
    }
    assertThat(courier.reached(now(delivery))).isEqualTo(tables.events.end());
    assertThat(now(delivery).position()).isNotEqualTo(Position.START);
    String rare = tables.append("shop", "rare", "x");
    run(delivery);
    assertThat(receiver.taken()).containsExactly(rare);
  }
}
