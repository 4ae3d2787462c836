package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.DroppedEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.MemoryLog;

class LedgerReadingTest {
  private static final RawRequestCodec RAW = new RawRequestCodec();
  private static final CleanRecordCodec CLEAN = new CleanRecordCodec();

  private static byte[] request(String source, long receivedAt, int events) {
    return RAW.encode(
        new RawRequest(
            new UUID(0, 1),
            "fake",
            "shop",
            source,
            "key",
            "127.0.0.1",
            receivedAt,
            "/fake",
            "",
            events,
            List.of(),
            new byte[20]));
  }

  private static byte[] dropped(String source, long receivedAt, RawPosition of) {
    Origin origin = new Origin("shop", source, receivedAt, receivedAt, of);
    return CLEAN.encode(new DroppedEvent(origin, null, "bot"));
  }

  private static byte[] accepted(String source, long receivedAt, RawPosition of) {
    return CLEAN.encode(event(receivedAt, of).build(origin(source, receivedAt, of)));
  }

  private static byte[] derived(String source, long receivedAt, RawPosition of) {
    return CLEAN.encode(event(receivedAt, of).derived().build(origin(source, receivedAt, of)));
  }

  private static Origin origin(String source, long receivedAt, RawPosition of) {
    return new Origin("shop", source, receivedAt, receivedAt, of);
  }

  private static CleanEvent.Builder event(long receivedAt, RawPosition of) {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, "a")
        .set(EventColumn.EVENT_ID, of.toString())
        .set(EventColumn.TIMESTAMP, receivedAt)
        .set(EventColumn.PROTOCOL, "fake");
  }

  /** A frame of the clean log, of which raw event, and whether it makes a row. */
  private record Event(
      LedgerCount.Key key, RawPosition of, byte[] frame, boolean row, boolean derived) {
    Position request() {
      return of.position();
    }
  }

  /** What the database would hold. */
  private static final class Rows {
    final LedgerSums accepted = new LedgerSums();
    final LedgerSums derived = new LedgerSums();
    final LedgerSums dropped = new LedgerSums();
    final LedgerSums loaded = new LedgerSums();
    final Map<LedgerCount.Key, LedgerStep.Open> open = new HashMap<>();
    LedgerStore.Cut cut = LedgerStore.Cut.START;

    void apply(LedgerStep step) {
      assertThat(step.from()).isEqualTo(cut);
      cut = step.to();
      step.added()
          .forEach((key, count) -> {
            accepted.add(key, count.accepted);
            derived.add(key, count.derived);
            dropped.add(key, count.left());
            loaded.add(key, count.loaded);
          });
      open.putAll(step.open());
      open.values().removeIf(n -> n.inFlight() == 0 && n.uncommitted() == 0);
    }
  }

  private static final class Run {
    final Random random;
    final MemoryLog raw = new MemoryLog();
    final MemoryLog clean = new MemoryLog();
    final List<Event> events = new ArrayList<>();
    final List<Position> ends = new ArrayList<>();
    final Rows rows = new Rows();
    final LedgerReading.Stretch stretch;
    long now = Rig.RECEIVED;

    Run(Random random) {
      this.random = random;
      this.stretch =
          new LedgerReading.Stretch(1 + random.nextInt(3_000), 1 + random.nextInt(1_500));
    }

    LedgerReading open() throws IOException {
      return new LedgerReading(raw, clean, stretch, rows.cut, Map.copyOf(rows.open));
    }

    void run() throws IOException {
      LedgerReading reading = open();
      Position committed = Position.START;
      for (int round = 0; round < 300; round++) {
        accept(random.nextInt(round % 40 == 0 ? 100 : 4));
        decide(random.nextInt(6));
        if (random.nextInt(6) == 0) {
          committed = clean.durableEnd();
        }
        if (random.nextInt(20) == 0) {
          reading.close();
          reading = open();
        }
        round(reading, committed);
      }
      decide(events.size());
      for (int i = 0; i < 10_000 && !atEnd(); i++) {
        round(reading, clean.durableEnd());
      }
      reading.close();
      assertThat(atEnd()).as("everything is counted").isTrue();
      assertThat(rows.open).isEmpty();
    }

    private boolean atEnd() {
      return rows.cut.clean().equals(clean.durableEnd()) && rows.cut.raw().equals(raw.durableEnd());
    }

    private boolean round(LedgerReading reading, Position committed) throws IOException {
      Position before = rows.cut.raw();
      boolean more = reading.read();
      LedgerStep step = reading.step(rows.cut, committed);
      if (step != null && random.nextInt(5) > 0) {
        rows.apply(step);
        reading.stored(step);
        assertThat(rows.cut.raw().value() - before.value()).isLessThan(50 * stretch.raw() + 9_000);
        check();
      }
      return more;
    }

    private void accept(int count) {
      for (int i = 0; i < count; i++) {
        now += random.nextLong(TimeUnit.SECONDS.toMicros(40));
        String source = random.nextBoolean() ? "web" : "ios";
        int n = random.nextInt(4);
        Position at = ((Appended.Stored) raw.append(List.of(request(source, now, n)))).first();
        for (int e = 0; e < n; e++) {
          RawPosition position = new RawPosition(at.value(), e);
          boolean row = random.nextInt(3) > 0;
          LedgerCount.Key key = LedgerCount.Key.of("shop", source, now);
          for (int more = row ? Math.max(0, random.nextInt(8) - 4) : 0; more > 0; more--) {
            events.add(new Event(key, position, derived(source, now, position), true, true));
          }
          byte[] frame = row ? accepted(source, now, position) : dropped(source, now, position);
          events.add(new Event(key, position, frame, row, false));
        }
      }
    }

    private void decide(int count) {
      for (int i = 0; i < count && ends.size() < events.size(); i++) {
        byte[] frame = events.get(ends.size()).frame();
        ends.add(((Appended.Stored) clean.append(List.of(frame))).end());
      }
    }

    /** Against a scan of everything. */
    private void check() {
      LedgerSums accepted = new LedgerSums();
      LedgerSums derived = new LedgerSums();
      LedgerSums dropped = new LedgerSums();
      LedgerSums loaded = new LedgerSums();
      LedgerSums uncommitted = new LedgerSums();
      for (int i = 0; i < events.size(); i++) {
        Event event = events.get(i);
        if (!event.derived() && event.request().isBefore(rows.cut.raw())) {
          accepted.add(event.key(), 1);
        }
        if (i < ends.size() && !rows.cut.clean().isBefore(ends.get(i))) {
          derived.add(event.key(), event.derived() ? 1 : 0);
          boolean committed = !rows.cut.loaded().isBefore(ends.get(i));
          (event.row() ? committed ? loaded : uncommitted : dropped).add(event.key(), 1);
          assertThat(committed || !event.row() || !event.request().isBefore(rows.cut.held()))
              .as("requests of what is not loaded are held")
              .isTrue();
        }
      }
      LedgerSums open = new LedgerSums();
      LedgerSums waiting = new LedgerSums();
      rows.open.forEach((key, n) -> {
        open.add(key, n.inFlight());
        waiting.add(key, n.uncommitted());
      });
      assertSame(rows.accepted, accepted);
      assertSame(rows.derived, derived);
      assertSame(rows.dropped, dropped);
      assertSame(rows.loaded, loaded);
      assertSame(waiting, uncommitted);
      accepted.addAll(derived);
      accepted.subtractAll(dropped);
      accepted.subtractAll(loaded);
      assertSame(open, accepted);
    }

    private static void assertSame(LedgerSums actual, LedgerSums expected) {
      assertThat(actual.size()).isEqualTo(expected.size());
      expected.forEach((key, n) -> assertThat(actual.get(key)).as("%s", key).isEqualTo(n));
    }
  }

  @Property(tries = 60)
  void everyStoredStepCountsWhatItsCutSays(@ForAll long seed) throws IOException {
    new Run(new Random(seed)).run();
  }

  @Test
  void backlogTakesMemoryByRowsAndNotByEvents() throws IOException {
    int requests = 200_000;
    byte[] request = request("web", Rig.RECEIVED, 1);
    EventLog raw = new MadeUpLog(requests, 300, n -> request);
    EventLog clean =
        new MadeUpLog(
            requests, 100, n -> accepted("web", Rig.RECEIVED, new RawPosition(n * 300L, 0)));
    Rows rows = new Rows();
    LedgerReading.Stretch stretch = new LedgerReading.Stretch(30_000, 10_000);
    try (LedgerReading reading =
        new LedgerReading(raw, new MemoryLog(), stretch, rows.cut, Map.of())) {
      long counted = 0;
      for (boolean more = true; more; ) {
        more = reading.read();
        assertThat(reading.size()).isLessThan(10);
        LedgerStep step = reading.step(rows.cut, Position.START);
        if (step != null) {
          assertThat(step.to().raw().value() - counted).isLessThanOrEqualTo(30_300);
          counted = step.to().raw().value();
          rows.apply(step);
          reading.stored(step);
        }
      }
    }
    try (LedgerReading reading =
        new LedgerReading(raw, clean, stretch, rows.cut, Map.copyOf(rows.open))) {
      for (boolean more = true; more; ) {
        more = reading.read();
        assertThat(reading.size()).as("rounds that no table commits").isLessThan(1_100);
      }
      rows.apply(java.util.Objects.requireNonNull(reading.step(rows.cut, clean.durableEnd())));
    }
    assertThat(rows.open).isEmpty();
    assertThat(rows.cut.held()).isEqualTo(new Position((requests - 1) * 300L));
    LedgerCount.Key key = LedgerCount.Key.of("shop", "web", Rig.RECEIVED);
    assertThat(rows.loaded.get(key)).isEqualTo(requests);
  }

  /** A log of frames that are made when they are read. */
  private record MadeUpLog(int frames, long bytes, java.util.function.IntFunction<byte[]> content)
      implements EventLog {
    @Override
    public Appended append(List<byte[]> batch) {
      throw new UnsupportedOperationException("read only");
    }

    @Override
    public LogReader read(Position from) {
      return new MadeUpReader(this, Math.toIntExact(from.value() / bytes));
    }

    @Override
    public Position durableEnd() {
      return new Position(frames * bytes);
    }

    @Override
    public long bytesBetween(Position from, Position to) {
      return Math.max(0, to.value() - from.value());
    }

    @Override
    public Position earliest() {
      return Position.START;
    }

    @Override
    public void releaseBefore(Position position) {}

    @Override
    public void close() {}
  }

  private static final class MadeUpReader implements LogReader {
    private final MadeUpLog log;
    private int at;

    MadeUpReader(MadeUpLog log, int at) {
      this.log = log;
      this.at = at;
    }

    @Override
    public @Nullable LogEntry next() {
      if (at == log.frames()) {
        return null;
      }
      Position begin = position();
      byte[] frame = log.content().apply(at++);
      return new LogEntry.Frame(0, begin, position(), frame);
    }

    @Override
    public Position position() {
      return new Position(at * log.bytes());
    }

    @Override
    public boolean await(Duration atMost) {
      return at < log.frames();
    }

    @Override
    public void close() {}
  }
}
