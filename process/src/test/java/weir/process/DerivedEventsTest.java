package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.DuplicateEvent;
import weir.event.EventColumn;
import weir.event.Position;

/** Raw events that become several, with ends of the log after any frame. */
class DerivedEventsTest {
  private static final CleanRecordCodec CODEC = new CleanRecordCodec();
  private static final SchemaLimits LIMITS = new SchemaLimits(500, 500, 6, 3);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void areThereOnceWhereverTheLogEnded(long seed) throws Exception {
    Random random = new Random(seed);
    List<DecodedEntry> entries = entries(random, random);
    List<CleanRecord> expected;
    List<PropertyColumn> columns;
    try (Rig undisturbed = new Rig(Files.createDirectory(directory.resolve("a")))) {
      decide(undisturbed, entries, Integer.MAX_VALUE);
      expected = Rig.records(undisturbed.clean);
      columns = PropertySchema.open(undisturbed.database).columns("shop");
    }
    assertThat(expected).anyMatch(DerivedEventsTest::isDerived);
    assertThat(expected).anyMatch(DuplicateEvent.class::isInstance);
    assertThat(columns).hasSize(LIMITS.newColumnsPerKeyAndHour());
    try (Rig rig = new Rig(Files.createDirectory(directory.resolve("b")))) {
      int rounds = 0;
      while (decide(rig, again(seed), random.nextInt(40))) {
        rounds++;
      }
      assertThat(rounds).isGreaterThan(3);
      assertThat(Rig.records(rig.clean)).isEqualTo(expected);
      assertThat(PropertySchema.open(rig.database).columns("shop")).isEqualTo(columns);
    }
  }

  private static List<DecodedEntry> again(long seed) {
    Random random = new Random(seed);
    return entries(random, random);
  }

  /** What is derived is not the same each time: a plug-in may do as it likes. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void bearKnownColumnsAndOwnIdsThoughAnotherRunMakesOthers(long seed) throws Exception {
    Random random = new Random(seed);
    try (Rig rig = new Rig(directory)) {
      while (decide(rig, entries(new Random(seed), random), random.nextInt(40))) {
        assertWhole(rig);
      }
      assertWhole(rig);
    }
  }

  private static void assertWhole(Rig rig) throws IOException {
    Map<String, Class<?>> columns = new HashMap<>();
    PropertySchema.open(rig.database)
        .columns("shop")
        .forEach(column -> columns.put(column.columnName(), column.type().javaClass()));
    Set<String> ids = new HashSet<>();
    for (CleanRecord record : Rig.records(rig.clean)) {
      if (record instanceof CleanEvent event) {
        assertThat(ids.add(event.eventId())).as(event.eventId()).isTrue();
        event
            .properties()
            .forEach((name, value) ->
                assertThat(columns.get(name)).as(name).isEqualTo(value.getClass()));
      }
    }
  }

  private static boolean isDerived(CleanRecord record) {
    return record instanceof CleanEvent event && event.isDerived();
  }

  /**
   * Decides what is not decided, and stores some of it.
   *
   * @param most how many frames become durable at most
   * @return whether any frame was left out
   */
  private static boolean decide(Rig rig, List<DecodedEntry> entries, int most) throws IOException {
    ProcessState state = rig.openState();
    try {
      StartPoint start = StartPoint.find(rig.clean, state, new ProcessPosition(rig.database));
      state.schema().forgetAfter(start.named());
      PropertyMapper properties = new PropertyMapper(state.schema(), LIMITS, rig.metrics);
      Decisions decisions =
          new Decisions(0, state.duplicates(), properties, rig.clock, rig.metrics, start.raw());
      List<byte[]> frames = new ArrayList<>();
      for (DecodedEntry entry : entries) {
        decisions.decide(entry, record -> frames.add(CODEC.encode(record)));
      }
      state.schema().commit(properties.added());
      rig.clean.append(frames.subList(0, Math.min(most, frames.size())));
      return frames.size() > most;
    } finally {
      state.duplicates().close();
    }
  }

  private static List<DecodedEntry> entries(Random random, Random ofDerived) {
    List<DecodedEntry> entries = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      List<Candidate> candidates = new ArrayList<>();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        candidates.add(candidate(random, ofDerived));
      }
      Position at = new Position(i * 100L);
      Position next = new Position(i * 100L + 100);
      entries.add(
          new DecodedEntry(
              at, next, "shop", "web", Rig.RECEIVED, 0, candidates, candidates.size()));
    }
    return entries;
  }

  private static Candidate candidate(Random random, Random ofDerived) {
    String id = "e" + random.nextInt(80);
    List<Candidate.Whole> events = new ArrayList<>(List.of(event(id, random)));
    for (int n = Math.max(0, ofDerived.nextInt(6) - 2); n > 0; n--) {
      events.add(event(id + "/" + events.size(), ofDerived));
    }
    return switch (events.size()) {
      case 1 -> random.nextInt(5) == 0 ? new Candidate.Dropped(id, "bot") : events.getFirst();
      default -> new Candidate.Several(events, events.size());
    };
  }

  private static Candidate.Whole event(String id, Random random) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      properties.put("k" + random.nextInt(30), random.nextBoolean() ? (Object) 1.5 : "text");
    }
    CleanEvent.Builder event =
        CleanEvent.builder()
            .set(EventColumn.EVENT, "Tested")
            .set(EventColumn.EVENT_ID, id)
            .set(EventColumn.TIMESTAMP, Rig.RECEIVED);
    return new Candidate.Whole(event, Fingerprint.of("shop", id), properties, 1);
  }
}
