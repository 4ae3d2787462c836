package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanRecordCodec;
import weir.event.DroppedEvent;
import weir.event.Origin;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.MemoryLog;

class LedgerBalanceTest {
  private static final long AT = Rig.RECEIVED;

  @TempDir Path directory;
  private Rig rig;
  private LedgerDatabase database;
  private volatile Position committed = Position.START;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(directory);
    rig.clean = new MemoryLog();
    database = LedgerDatabase.open(directory.resolve("ledger.db"));
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    rig.close();
  }

  private Ledger start() {
    return Ledger.start(
        database,
        rig.raw,
        rig.clean,
        () -> committed,
        Duration.ofMillis(1),
        rig.clock,
        new SimpleMeterRegistry());
  }

  private static List<LedgerRow> rows(Ledger ledger) {
    List<LedgerRow> rows = new ArrayList<>();
    for (String project : List.of("shop", "blog", "default")) {
      rows.addAll(ledger.rows(project, Instant.EPOCH, Rig.NOW.plus(Duration.ofDays(1))));
    }
    return rows;
  }

  private static long sum(List<LedgerRow> rows, ToLongFunction<LedgerRow> of) {
    return rows.stream().mapToLong(of).sum();
  }

  @Test
  void countsWhereEveryEventIs() throws Exception {
    rig.send(
        rig.protocol.request(
            "shop",
            "web",
            AT,
            FakeProtocol.event("a", Map.of()),
            FakeProtocol.event("a", Map.of()),
            FakeProtocol.bad("nonsense")),
        rig.protocol.request("shop", "ios", AT, FakeProtocol.event("b", Map.of())));
    Instant minute = Instant.parse("2026-01-10T12:00:00Z");
    try (Ledger ledger = start()) {
      Awaitility.await().until(() -> sum(rows(ledger), LedgerRow::accepted) == 4);
      assertThat(rows(ledger))
          .containsExactlyInAnyOrder(row("web", 3, 0, 0, 0, 3, 0), row("ios", 1, 0, 0, 0, 1, 0));
      rig.process();
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(rows(ledger))
                  .as("decisions count at once, and say what waits for the commit")
                  .containsExactlyInAnyOrder(
                      row("web", 3, 0, 1, 1, 1, 1), row("ios", 1, 0, 0, 0, 1, 1)));
      assertThat(ledger.rawHoldsFrom()).as("until the commit").isEqualTo(Position.START);
      assertThat(ledger.totals(List.of("shop")))
          .isEqualTo(new LedgerTotals(4, 0, 1, 1, 0, 2, 2, true));
      committed = rig.clean.durableEnd();
      Awaitility.await().until(() -> sum(rows(ledger), LedgerRow::inFlight) == 0);
      assertThat(rows(ledger))
          .containsExactlyInAnyOrder(row("web", 3, 1, 1, 1, 0, 0), row("ios", 1, 1, 0, 0, 0, 0));
      assertThat(ledger.totals(List.of("shop")))
          .isEqualTo(new LedgerTotals(4, 0, 1, 1, 0, 0, 0, true));
      assertThat(ledger.totals(List.of("blog")))
          .isEqualTo(new LedgerTotals(0, 0, 0, 0, 0, 0, 0, true));
      assertThat(ledger.rows("shop", minute.plusSeconds(60), minute.plusSeconds(120))).isEmpty();
      assertThat(ledger.cleanHoldsFrom()).isEqualTo(rig.clean.durableEnd());
    }
  }

  private static LedgerRow row(
      String source,
      long accepted,
      long loaded,
      long quarantined,
      long duplicate,
      long inFlight,
      long uncommitted) {
    return new LedgerRow(
        Instant.parse("2026-01-10T12:00:00Z"),
        LedgerSpan.MINUTE,
        source,
        accepted,
        0,
        loaded,
        quarantined,
        duplicate,
        Map.of(),
        inFlight,
        uncommitted);
  }

  /** What a ledger that ended before the commit knew is loaded by the one after it, once. */
  @Test
  void eventsDecidedBeforeARestartAreLoadedAfterIt() throws Exception {
    rig.send(rig.protocol.request("shop", "web", AT, FakeProtocol.event("a", Map.of())));
    rig.process();
    try (Ledger ledger = start()) {
      Awaitility.await().until(() -> sum(rows(ledger), LedgerRow::uncommitted) == 1);
    }
    try (Ledger ledger = start()) {
      rig.send(rig.protocol.request("shop", "web", AT, FakeProtocol.event("b", Map.of())));
      rig.process();
      Awaitility.await().until(() -> sum(rows(ledger), LedgerRow::uncommitted) == 2);
      assertThat(sum(rows(ledger), LedgerRow::loaded)).isZero();
      committed = rig.clean.durableEnd();
      Awaitility.await().until(() -> sum(rows(ledger), LedgerRow::loaded) == 2);
      assertThat(rows(ledger)).containsExactly(row("web", 2, 2, 0, 0, 0, 0));
    }
  }

  @Test
  void unreadableStretchIsDerived() throws Exception {
    rig.raw.append(List.of(new byte[] {1, 2, 3}));
    rig.send(rig.protocol.request("shop", "unknown", AT, FakeProtocol.bad("nonsense")));
    rig.process();
    committed = rig.clean.durableEnd();
    try (Ledger ledger = start()) {
      Awaitility.await().until(() -> sum(rows(ledger), LedgerRow::quarantined) == 2);
      assertThat(rows(ledger)).allMatch(LedgerRow::balanced);
      assertThat(sum(rows(ledger), LedgerRow::derived)).isEqualTo(1);
      assertThat(ledger.totals(List.of("shop", "default")).derived()).isEqualTo(1);
      assertThat(sum(rows(ledger), LedgerRow::accepted)).isEqualTo(1);
    }
  }

  @Test
  void decisionThatIsMissingOrMadeTwiceShows() throws Exception {
    Position first = rig.send(rig.protocol.request("shop", "web", AT, FakeProtocol.bad("x")));
    rig.send(rig.protocol.request("shop", "web", AT, FakeProtocol.bad("x")));
    Position third = rig.send(rig.protocol.request("shop", "ios", AT, FakeProtocol.bad("x")));
    CleanRecordCodec codec = new CleanRecordCodec();
    Origin web = new Origin("shop", "web", AT, AT, new RawPosition(first.value(), 0));
    Origin ios = new Origin("shop", "ios", AT, AT, new RawPosition(third.value(), 0));
    rig.clean.append(
        List.of(
            codec.encode(new DroppedEvent(web, null, "bot")),
            codec.encode(new DroppedEvent(ios, null, "bot")),
            codec.encode(new DroppedEvent(ios, null, "bot"))));
    committed = rig.clean.durableEnd();
    try (Ledger ledger = start()) {
      Awaitility.await()
          .until(() -> sum(rows(ledger), row -> row.dropped().getOrDefault("bot", 0L)) == 3);
      assertThat(rows(ledger)).noneMatch(LedgerRow::balanced);
      assertThat(ledger.totals(List.of("shop")).dropped()).isEqualTo(3);
    }
  }

  /** Requests, decisions, commits and restarts of the ledger at once, from a seed. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void balancesAtEveryMoment(long seed) throws Exception {
    Random random = new Random(seed);
    RandomRequests requests = new RandomRequests(random, rig.protocol);
    long accepted = 0;
    rig.options = Rig.options(7, Duration.ZERO);
    Processor processor = rig.start();
    Ledger ledger = start();
    try {
      for (int round = 0; round < 300; round++) {
        var request = requests.next();
        accepted += request.events();
        rig.send(request);
        if (random.nextInt(4) == 0) {
          committed = somewhere(random, committed, rig.clean.durableEnd());
        }
        if (random.nextInt(25) == 0) {
          ledger.close();
          ledger = start();
        }
        if (random.nextInt(40) == 0) {
          processor.close();
          processor = rig.start();
        }
        assertThat(rows(ledger)).allMatch(LedgerRow::balanced);
        rig.raw.releaseBefore(least(processor.holdsRawFrom(), ledger.rawHoldsFrom()));
        rig.clean.releaseBefore(
            least(committed, least(processor.holdsCleanFrom(), ledger.cleanHoldsFrom())));
      }
      assertThat(processor.awaitCaughtUp(Rig.LONG)).isTrue();
      committed = rig.clean.durableEnd();
      Ledger last = ledger;
      long all = accepted;
      Awaitility.await()
          .untilAsserted(() -> {
            assertThat(sum(rows(last), LedgerRow::inFlight)).isZero();
            assertThat(sum(rows(last), LedgerRow::accepted)).isEqualTo(all);
          });
      assertThat(rows(last)).allMatch(LedgerRow::balanced);
    } finally {
      processor.close();
      ledger.close();
    }
  }

  private static Position least(Position a, Position b) {
    return a.isBefore(b) ? a : b;
  }

  /** A frame boundary is not needed: a table commits whole frames up to any position. */
  private static Position somewhere(Random random, Position from, Position to) {
    return from.equals(to) ? to : new Position(random.nextLong(from.value(), to.value() + 1));
  }
}
