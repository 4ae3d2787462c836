package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.delivery.DeliveryTables.Receiver;
import weir.event.Position;

/** Deliveries on a machine whose clock is set forward and back while they wait. */
class CourierClockTest {
  private static final String URL = "https://receiver.example/hook";

  @TempDir Path folder;
  private final Receiver receiver = new Receiver();
  private DeliveryTables tables;
  private DeliveryStore store;
  private DeadLetters letters;
  private Courier courier;
  private int failed;

  @BeforeEach
  void open() throws IOException {
    tables = new DeliveryTables(folder);
    store = tables.store();
    letters = tables.letters();
    courier = courier();
  }

  private Courier courier() {
    return new Courier(
        store,
        letters,
        tables.events,
        receiver,
        (project, key) -> true,
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

  private void jump(Duration by) {
    tables.clock.setWall(tables.clock.instant().plus(by));
  }

  /** Fails once, so that the batch waits. */
  private Delivery failed() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    receiver.rule = (headers, body) -> Receiver.answer(503);
    courier.step(delivery.id(), true);
    courier.step(delivery.id(), false);
    assertThat(receiver.requests).hasSize(1);
    receiver.rule = (headers, body) -> Receiver.answer(204);
    return delivery;
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1M", "PT-1H", "PT-24H", "PT24H"})
  void whatWaitedGoesOnWhereverTheClockIsSet(Duration by) throws Exception {
    Delivery delivery = failed();
    tables.clock.advance(Duration.ofMillis(100));
    jump(by);
    courier.step(delivery.id(), false);
    assertThat(receiver.taken()).containsExactly("e0");
    Instant sent =
        Instant.ofEpochSecond(
            Long.parseLong(
                receiver.requests.getLast().headers().getOrDefault("webhook-timestamp", "")));
    assertThat(sent).as("the time of the attempt").isBeforeOrEqualTo(tables.clock.instant());
  }

  /**
   * A request of its own, to which the receiver answers, must not hide that the clock went back.
   */
  @Test
  void aDeadLettersAnswerHidesNoJump() throws Exception {
    Delivery delivery = failed();
    jump(Duration.ofHours(-1));
    store.answered(delivery.id(), "status 204");
    tables.clock.advance(Duration.ofMillis(10));
    courier.step(delivery.id(), false);
    assertThat(receiver.taken()).containsExactly("e0");
  }

  @Test
  void aClockThatGoesBackAtEachAttemptMakesNoBusyLoop() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL));
    tables.append("shop", "a", "x");
    receiver.rule =
        (headers, body) -> {
          jump(Duration.ofHours(-1));
          return Receiver.answer(503);
        };
    courier.step(delivery.id(), true);
    courier.step(delivery.id(), false);
    Optional<Duration> wait = courier.step(delivery.id(), false);
    assertThat(receiver.requests).hasSize(1);
    assertThat(wait.orElseThrow()).isBetween(Duration.ofMillis(600), Duration.ofMillis(1_400));
  }

  /** What was passed is kept, so that a restart makes no gap of events that nobody wanted. */
  @Test
  void whatIsPassedIsKeptAlsoAfterTheClockWentBack() throws Exception {
    Delivery delivery = delivery(DeliveryTables.target(URL, "rare"));
    tables.append("shop", "a", "x");
    courier.step(delivery.id(), true);
    jump(Duration.ofHours(-1));
    tables.append("shop", "a", "x");
    courier.step(delivery.id(), false);
    assertThat(store.find(delivery.id()).orElseThrow().position()).isEqualTo(tables.events.end());
    tables.log.releaseBefore(tables.events.end());
    tables.append("shop", "a", "x");
    courier().step(delivery.id(), true);
    assertThat(letters.lastGap(delivery.id())).isEmpty();
  }

  /** Events, failures, restarts and jumps of up to two days, forward and back. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsLostDoubledOrStuck(long seed) throws Exception {
    Random random = new Random(seed);
    Delivery delivery = delivery(DeliveryTables.target(URL));
    List<String> expected = new ArrayList<>();
    receiver.rule =
        (headers, body) -> Receiver.answer(random.nextInt(3) == 0 && failed++ % 4 < 3 ? 503 : 204);
    for (int round = 0; round < 200; round++) {
      if (random.nextInt(3) == 0) {
        expected.add(tables.append("shop", "a", "x"));
      }
      if (random.nextInt(4) == 0) {
        jump(Duration.ofSeconds(random.nextInt(-172_800, 172_800)));
      }
      if (random.nextInt(20) == 0) {
        courier = courier();
      }
      Duration wait = courier.step(delivery.id(), random.nextBoolean()).orElseThrow();
      assertThat(wait).isLessThanOrEqualTo(DeliveryTables.OPTIONS.longestWait());
      tables.clock.advance(wait);
    }
    receiver.rule = (headers, body) -> Receiver.answer(204);
    for (int i = 0; i < 20; i++) {
      tables.clock.advance(courier.step(delivery.id(), false).orElseThrow());
    }
    assertThat(letters.count()).isZero();
    assertThat(receiver.taken()).isEqualTo(expected);
  }
}
