package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.log.Appended;
import weir.log.MemoryLog;
import weir.log.Position;

/** What the ledger says at every moment of the way from request to table. */
class LedgerTest {
  private static final long MINUTE = 60_000_000L;
  private static final Instant END = Instant.EPOCH.plus(Duration.ofDays(1));

  @TempDir Path temp;

  private final MemoryLog raw = new MemoryLog();
  private final MemoryLog clean = new MemoryLog();
  private final AtomicReference<Position> committed = new AtomicReference<>(Position.START);
  private final RawRequestCodec rawCodec = new RawRequestCodec();
  private final CleanRecordCodec cleanCodec = new CleanRecordCodec();

  @Test
  void anEventIsInFlightUntilItsTableHasIt() throws Exception {
    try (LedgerDatabase database = LedgerDatabase.open(temp.resolve("ledger.db"));
        Ledger ledger = start(database)) {
      long position = accept(0, 4);
      awaitRow(ledger, row(4, 0, 0, 0, Map.of(), 4));

      decide(event(0, position, 0), bad(0, position, 1));
      awaitRow(ledger, row(4, 0, 0, 0, Map.of(), 4));

      commit();
      awaitRow(ledger, row(4, 1, 1, 0, Map.of(), 2));

      decide(duplicate(0, position, 2), dropped(0, position, 3));
      commit();
      awaitRow(ledger, row(4, 1, 1, 1, Map.of("bot", 1L), 0));
    }
  }

  @Test
  void aLostDecisionShows() throws Exception {
    try (LedgerDatabase database = LedgerDatabase.open(temp.resolve("ledger.db"));
        Ledger ledger = start(database)) {
      long position = accept(0, 3);
      decide(event(0, position, 0), event(0, position, 2));
      commit();
      awaitRow(ledger, row(3, 2, 0, 0, Map.of(), 0));
      assertThat(rows(ledger).getFirst().balanced()).isFalse();
    }
  }

  @Test
  void restartsCountNothingTwice() throws Exception {
    Random random = new Random(20);
    long[] accepted = new long[3];
    for (int life = 0; life < 12; life++) {
      try (LedgerDatabase database = LedgerDatabase.open(temp.resolve("ledger.db"));
          Ledger ledger = start(database)) {
        int minute = random.nextInt(3);
        int events = 1 + random.nextInt(5);
        long position = accept(minute, events);
        accepted[minute] += events;
        for (int i = 0; i < events; i++) {
          decide(
              random.nextBoolean() ? event(minute, position, i) : duplicate(minute, position, i));
        }
        if (random.nextBoolean()) {
          commit();
          awaitCounted(ledger, accepted);
        }
      }
    }
    commit();
    try (LedgerDatabase database = LedgerDatabase.open(temp.resolve("ledger.db"));
        Ledger ledger = start(database)) {
      awaitCounted(ledger, accepted);
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(rows(ledger))
                  .allMatch(LedgerRow::balanced)
                  .allMatch(row -> row.inFlight() == 0));
    }
  }

  private Ledger start(LedgerDatabase database) {
    return Ledger.start(
        database, raw, clean, committed::get, Duration.ofMillis(1), new SimpleMeterRegistry());
  }

  private static List<LedgerRow> rows(Ledger ledger) {
    return ledger.rows("p", Instant.EPOCH, END);
  }

  private static void awaitRow(Ledger ledger, LedgerRow expected) {
    Awaitility.await().untilAsserted(() -> assertThat(rows(ledger)).containsExactly(expected));
  }

  private static void awaitCounted(Ledger ledger, long[] accepted) {
    Awaitility.await()
        .untilAsserted(() -> {
          long[] counted = new long[accepted.length];
          for (LedgerRow row : rows(ledger)) {
            counted[Math.toIntExact(row.minute().getEpochSecond() / 60)] = row.accepted();
          }
          assertThat(counted).isEqualTo(accepted);
        });
  }

  private static LedgerRow row(
      long accepted, long loaded, long bad, long duplicate, Map<String, Long> dropped, long left) {
    return new LedgerRow(Instant.EPOCH, "s", accepted, 0, loaded, bad, duplicate, dropped, left);
  }

  private long accept(int minute, int events) throws IOException {
    RawRequest request =
        new RawRequest(
            new UUID(0, minute),
            "segment",
            "p",
            "s",
            "key",
            "127.0.0.1",
            minute * MINUTE,
            "/v1/batch",
            "",
            events,
            List.of(),
            new byte[] {1});
    return ((Appended.Stored) raw.append(List.of(rawCodec.encode(request)))).first().value();
  }

  private void decide(CleanRecord... records) throws IOException {
    for (CleanRecord record : records) {
      assertThat(clean.append(List.of(cleanCodec.encode(record))))
          .isInstanceOf(Appended.Stored.class);
    }
  }

  private void commit() {
    committed.set(clean.durableEnd());
  }

  private static Origin origin(int minute, long position, int index) {
    return new Origin("p", "s", minute * MINUTE, 0, new RawPosition(position, index));
  }

  private static CleanRecord event(int minute, long position, int index) {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, "e")
        .set(EventColumn.EVENT_ID, position + "-" + index)
        .set(EventColumn.TIMESTAMP, 0L)
        .build(origin(minute, position, index));
  }

  private static CleanRecord bad(int minute, long position, int index) {
    return new BadEvent(
        origin(minute, position, index), null, null, "segment", "decode", "r", "m", new byte[0]);
  }

  private static CleanRecord duplicate(int minute, long position, int index) {
    return new DuplicateEvent(origin(minute, position, index), "id");
  }

  private static CleanRecord dropped(int minute, long position, int index) {
    return new DroppedEvent(origin(minute, position, index), null, "bot");
  }
}
