package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.delivery.DeliveryTables.Crash;
import weir.delivery.DeliveryTables.Receiver;
import weir.event.Position;

/** The process ends before and after each request and each commit, at random, from a seed. */
class CourierCrashTest {
  @TempDir Path folder;

  private Courier courier(DeliveryTables tables, Sender sender) {
    return new Courier(
        tables.store(),
        tables.letters(),
        tables.events,
        sender,
        (project, key) -> true,
        DeliveryTables.OPTIONS,
        tables.clock,
        new DeliveryMetrics(new SimpleMeterRegistry()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void nothingIsLeftOutAndDoublesAreTheSame(long seed) throws Exception {
    Random random = new Random(seed);
    try (DeliveryTables tables = new DeliveryTables(folder)) {
      Receiver receiver = new Receiver();
      receiver.rule =
          (headers, body) -> {
            boolean poison = new String(body, StandardCharsets.UTF_8).contains("poison");
            return Receiver.answer(poison ? 422 : random.nextInt(4) == 0 ? 503 : 200);
          };
      Sender mortal =
          (url, headers, body) -> {
            crash(random, 12);
            Sender.Answer answer = receiver.post(url, headers, body);
            crash(random, 12);
            return answer;
          };
      Delivery delivery =
          tables
              .store()
              .create(
                  "shop",
                  "hook",
                  DeliveryTables.target("https://r.example", "a"),
                  "k",
                  Position.START,
                  5);
      List<String> sent = new ArrayList<>();
      Courier courier = courier(tables, mortal);
      int crashes = 0;
      for (int i = 0; i < 600; i++) {
        if (random.nextInt(3) == 0) {
          for (int n = random.nextInt(6); n > 0; n--) {
            boolean wanted = random.nextBoolean();
            String id =
                tables.append("shop", wanted ? "a" : "b", random.nextInt(25) == 0 ? "poison" : "x");
            if (wanted) {
              sent.add(id);
            }
          }
        }
        tables.crashIn = random.nextInt(8) == 0 ? random.nextInt(2) : -1;
        tables.crashAfterCommit = random.nextBoolean();
        try {
          step(tables, courier, delivery);
        } catch (Crash e) {
          crashes++;
          tables.crashIn = -1;
          courier = courier(tables, mortal); // what was in memory is gone
        }
      }
      tables.crashIn = -1;
      finish(tables, courier(tables, receiver), delivery);
      assertThat(crashes).isGreaterThan(50);
      assertDelivered(tables, receiver, delivery, sent);
    }
  }

  private static void crash(Random random, int oneIn) {
    if (random.nextInt(oneIn) == 0) {
      throw new Crash();
    }
  }

  private static Duration step(DeliveryTables tables, Courier courier, Delivery delivery)
      throws IOException, InterruptedException {
    Duration pause = courier.step(delivery.id(), false).orElseThrow();
    tables.clock.advance(pause);
    return pause;
  }

  private static void finish(DeliveryTables tables, Courier courier, Delivery delivery)
      throws IOException, InterruptedException {
    for (int i = 0; i < 5_000; i++) {
      Optional<Delivery.Pending> pending =
          tables.store().find(delivery.id()).orElseThrow().pending();
      step(tables, courier, delivery);
      Delivery now = tables.store().find(delivery.id()).orElseThrow();
      if (pending.isEmpty()
          && now.pending().isEmpty()
          && courier.reached(now).equals(tables.events.end())) {
        return;
      }
    }
    throw new IllegalStateException("no end");
  }

  private static void assertDelivered(
      DeliveryTables tables, Receiver receiver, Delivery delivery, List<String> sent) {
    Set<String> arrived = new LinkedHashSet<>();
    Map<String, byte[]> bodies = new HashMap<>();
    Map<String, String> takenIn = new HashMap<>();
    for (Receiver.Request request : receiver.requests) {
      byte[] known = bodies.putIfAbsent(request.id(), request.body());
      assertThat(known == null || java.util.Arrays.equals(known, request.body()))
          .as("the same request each time")
          .isTrue();
      if (request.answer() instanceof Sender.Answered answered && answered.status() == 200) {
        for (String event : DeliveryTables.ids(request.body())) {
          arrived.add(event);
          String before = takenIn.putIfAbsent(event, request.id());
          assertThat(before == null || before.equals(request.id()))
              .as("a double of %s bears the same id", event)
              .isTrue();
        }
      }
    }
    List<String> dead = new ArrayList<>();
    for (DeadLetter letter : tables.letters().list(delivery.id(), "", 1_000)) {
      dead.addAll(
          DeliveryTables.ids(tables.letters().body(delivery.id(), letter.id()).orElseThrow()));
    }
    assertThat(dead).doesNotHaveDuplicates();
    List<String> rest = new ArrayList<>(sent);
    rest.removeIf(id -> dead.contains(id) && !arrived.contains(id));
    assertThat(List.copyOf(arrived)).as("all that is no dead letter, in order").isEqualTo(rest);
    assertThat(sent).hasSizeGreaterThan(200);
  }
}
