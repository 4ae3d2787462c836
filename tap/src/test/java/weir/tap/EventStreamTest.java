package weir.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.ColumnType;
import weir.event.DuplicateEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.Position;
import weir.event.ProjectProperties;
import weir.event.RawPosition;
import weir.log.MemoryLog;

class EventStreamTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final MemoryLog log = new MemoryLog();
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final ProjectProperties known =
      ProjectProperties.of(
          List.of(new ProjectProperties.Property("Dish", Optional.of("p_dish"), true)), false);
  private final CleanEvents events = new CleanEvents(log, project -> known);
  private int appended;

  private static EventFilter all(String project) {
    return new EventFilter(project, Set.of(), Map.of(), Optional.empty());
  }

  private void append(String project, String event, String dish) throws IOException {
    Origin origin = new Origin(project, "web", 1, 2, new RawPosition(appended++, 0));
    log.append(
        List.of(
            codec.encode(
                CleanEvent.builder()
                    .set(EventColumn.EVENT, event)
                    .set(EventColumn.EVENT_ID, "e" + appended)
                    .set(EventColumn.TIMESTAMP, 1_000_000L)
                    .properties(Map.of("p_dish", dish))
                    .build(origin))));
  }

  /** Keeps what it gets; may be slow, at random. */
  private static final class Reader implements Subscriber {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Random random;
    private final int busy;
    private volatile boolean released;
    private volatile Position next = Position.START;

    Reader(long seed, int busy) {
      this.random = new Random(seed);
      this.busy = busy;
    }

    @Override
    public synchronized boolean ready() {
      return random.nextInt(100) >= busy;
    }

    @Override
    public void accept(Chunk chunk) {
      new String(chunk.bytes(), StandardCharsets.UTF_8).lines().forEach(lines::add);
      next = chunk.next();
    }

    @Override
    public void alive() {}

    @Override
    public void ended(boolean wasReleased) {
      released = wasReleased;
    }
  }

  private EventStream stream() {
    return EventStream.start(events, System::nanoTime, new SimpleMeterRegistry());
  }

  private static List<String> ids(List<String> lines) {
    synchronized (lines) {
      return lines.stream()
          .map(line -> line.replaceAll(".*\"event_id\":\"([^\"]*)\".*", "$1"))
          .toList();
    }
  }

  /** Readers that come, lag and leave at random: each gets what is its own once, in order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void nobodyMissesAnythingAndNobodyGetsItTwice(long seed) throws IOException {
    Random random = new Random(seed);
    List<Reader> readers = new ArrayList<>();
    List<EventFilter> filters = new ArrayList<>();
    List<Integer> begun = new ArrayList<>();
    List<String[]> sent = new ArrayList<>();
    try (EventStream stream = stream()) {
      for (int i = 0; i < 3_000; i++) {
        if (i % 150 == 0) {
          EventFilter filter =
              random.nextBoolean()
                  ? all("p" + random.nextInt(2))
                  : new EventFilter(
                      "p" + random.nextInt(2),
                      Set.of("viewed", "scrolled"),
                      random.nextBoolean() ? Map.of() : Map.of("Dish", "soup"),
                      Optional.empty());
          Reader reader = new Reader(seed + i, random.nextInt(3) * 45);
          readers.add(reader);
          filters.add(filter);
          boolean earliest = random.nextBoolean();
          begun.add(earliest ? 0 : sent.size());
          stream.subscribe(filter, Framing.LINES, earliest ? Position.START : events.end(), reader);
        }
        String project = "p" + random.nextInt(2);
        String event = List.of("viewed", "ordered", "scrolled").get(random.nextInt(3));
        String dish = random.nextBoolean() ? "soup" : "pie";
        append(project, event, dish);
        sent.add(new String[] {project, event, dish, "e" + appended});
      }
      for (int i = 0; i < readers.size(); i++) {
        EventFilter filter = filters.get(i);
        List<String> expected =
            sent.subList(begun.get(i), sent.size()).stream()
                .filter(one -> one[0].equals(filter.project()))
                .filter(one -> filter.events().isEmpty() || filter.events().contains(one[1]))
                .filter(one -> filter.values().isEmpty() || one[2].equals("soup"))
                .map(one -> one[3])
                .toList();
        List<String> lines = readers.get(i).lines;
        Awaitility.await().atMost(LONG).until(() -> ids(lines).size() >= expected.size());
        assertThat(ids(lines)).isEqualTo(expected);
      }
    }
  }

  @Test
  void aReaderGoesOnWhereItWas() throws IOException {
    try (EventStream stream = stream()) {
      for (int i = 0; i < 10; i++) {
        append("p", "viewed", "soup");
      }
      Reader first = new Reader(1, 0);
      EventStream.Subscription left =
          stream.subscribe(all("p"), Framing.SSE, Position.START, first);
      Awaitility.await().atMost(LONG).until(() -> first.lines.size() >= 30);
      left.close();
      String lastId = first.lines.get(first.lines.size() - 3).substring("id: ".length());
      append("p", "ordered", "pie");
      Reader second = new Reader(1, 0);
      stream.subscribe(all("p"), Framing.LINES, Position.parse(lastId), second);
      Awaitility.await().atMost(LONG).until(() -> !second.lines.isEmpty());
      assertThat(ids(second.lines)).containsExactly("e11");
    }
  }

  /** Twenty that lag cost little more than one: an event is not made anew for each. */
  @Test
  void thoseThatLagShareWhatIsMade() throws IOException {
    AtomicInteger made = new AtomicInteger();
    CleanEvents counted =
        new CleanEvents(
            log,
            project -> {
              made.incrementAndGet();
              return known;
            });
    try (EventStream stream =
        EventStream.start(counted, System::nanoTime, new SimpleMeterRegistry())) {
      Reader quick = new Reader(1, 0);
      stream.subscribe(all("p"), Framing.LINES, Position.START, quick);
      append("p", "viewed", "soup");
      Awaitility.await().atMost(LONG).until(() -> quick.lines.size() == 1);
      List<Reader> slow = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Reader reader = new Reader(i, 90);
        slow.add(reader);
        stream.subscribe(all("p"), Framing.LINES, Position.START, reader);
      }
      for (int i = 1; i < 2_000; i++) {
        append("p", "viewed", "soup");
      }
      slow.add(quick);
      Awaitility.await()
          .atMost(LONG)
          .until(() -> slow.stream().allMatch(reader -> reader.lines.size() == 2_000));
    }
    assertThat(made.get()).isLessThan(5 * 2_000);
  }

  /** What is none of their events is looked at once for all of them. */
  @Test
  void thoseThatWaitForOthersShareTheLooking() throws IOException {
    AtomicInteger looked = new AtomicInteger();
    CleanEvents counted =
        new CleanEvents(
            log,
            project -> {
              looked.incrementAndGet();
              return known;
            });
    for (int i = 0; i < 2_000; i++) {
      append("p", "viewed", "soup");
    }
    EventFilter rare = new EventFilter("p", Set.of("ordered"), Map.of(), Optional.empty());
    try (EventStream stream =
        EventStream.start(counted, System::nanoTime, new SimpleMeterRegistry())) {
      List<Reader> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Reader reader = new Reader(i, 0);
        waiting.add(reader);
        stream.subscribe(rare, Framing.LINES, Position.START, reader);
      }
      append("p", "ordered", "soup");
      Awaitility.await()
          .atMost(LONG)
          .until(() -> waiting.stream().allMatch(reader -> reader.lines.size() == 1));
    }
    assertThat(looked.get()).isLessThan(5 * 2_000);
  }

  @Test
  void whoIsTooFarBehindIsTold() throws IOException {
    for (int i = 0; i < 10; i++) {
      append("p", "viewed", "soup");
    }
    Chunk two = events.read(Position.START, all("p"), Framing.LINES, 2);
    log.releaseBefore(events.end());
    try (EventStream stream = stream()) {
      Reader reader = new Reader(1, 0);
      stream.subscribe(all("p"), Framing.LINES, two.next(), reader);
      Awaitility.await().atMost(LONG).until(() -> reader.released);
      assertThat(reader.lines).isEmpty();
    }
  }

  @Test
  void theBeginningIsReleasedToo() throws IOException {
    append("p", "viewed", "soup");
    assertThat(read(all("p"))).containsExactly("e1");
    log.releaseBefore(events.end());
    append("p", "viewed", "soup");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> read(all("p")))
        .isInstanceOf(weir.log.PositionReleasedException.class);
  }

  @Test
  void eventsAreShownByTheNamesThatWereSent() throws IOException {
    Origin origin = new Origin("p", "web", 1_000_000, 2_000_000, new RawPosition(0, 0));
    log.append(
        List.of(
            codec.encode(new DuplicateEvent(origin, "x")),
            codec.encode(
                CleanEvent.builder()
                    .set(EventColumn.EVENT, "ordered")
                    .set(EventColumn.EVENT_ID, "1")
                    .set(EventColumn.TIMESTAMP, 1_000_000L)
                    .set(EventColumn.VALUE, 9.5)
                    .set(EventColumn.IS_BOT, false)
                    .set(EventColumn.PROPERTIES, "{\"table\":{\"no\":4},\"big\":9007199254740993}")
                    .properties(Map.of("p_dish", "Soup \"of\" the day"))
                    .build(origin))));
    Chunk chunk = events.read(Position.START, all("p"), Framing.LINES, 10);
    assertThat(new String(chunk.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"event\":\"ordered\",\"event_id\":\"1\",\"timestamp\":\"1970-01-01T00:00:01Z\","
                + "\"received_at\":\"1970-01-01T00:00:01Z\",\"processed_at\":\"1970-01-01T00:00:02Z\","
                + "\"source\":\"web\",\"value\":9.5,\"is_bot\":false,"
                + "\"_raw_position\":\"0000000000000000-000000\",\"properties\":{\"Dish\":\"Soup \\\"of\\\""
                + " the day\",\"table\":{\"no\":4},\"big\":9007199254740993}}\n");
    assertThat(EventColumn.VALUE.type()).isEqualTo(ColumnType.DOUBLE);
  }

  @Test
  void aBoundedChunkIsReadAgainAsItWas() throws IOException {
    for (int i = 0; i < 20; i++) {
      append(i % 3 == 0 ? "other" : "p", "viewed", "soup".repeat(i));
    }
    Position from = Position.START;
    List<String> all = new ArrayList<>();
    while (!from.equals(events.end())) {
      Chunk chunk = events.read(from, all("p"), Framing.LINES, 4, 900);
      assertThat(chunk.events()).isLessThanOrEqualTo(4);
      assertThat(chunk.bytes().length <= 900 || chunk.events() == 1).isTrue();
      append("p", "late", "pie");
      assertThat(events.readAgain(from, chunk.next(), all("p"), Framing.LINES).bytes())
          .isEqualTo(chunk.bytes());
      all.addAll(ids(new String(chunk.bytes(), StandardCharsets.UTF_8).lines().toList()));
      from = chunk.next();
      if (all.size() > 30) {
        break;
      }
    }
    List<String> expected = new ArrayList<>();
    for (int i = 1; expected.size() < all.size(); i++) {
      if (i > 20 || (i - 1) % 3 != 0) {
        expected.add("e" + i);
      }
    }
    assertThat(all).hasSizeGreaterThan(13).isEqualTo(expected);
  }

  @Test
  void aClientOfRakamReadsItsOwnNames() throws IOException {
    Origin origin = new Origin("p", "web", 1_000_000, 2_000_000, new RawPosition(0, 0));
    log.append(
        List.of(
            codec.encode(
                CleanEvent.builder()
                    .set(EventColumn.EVENT, "ordered")
                    .set(EventColumn.EVENT_ID, "1")
                    .set(EventColumn.TIMESTAMP, 1_000_000L)
                    .set(EventColumn.USER_ID, "rosa")
                    .set(EventColumn.PROPERTIES, "{\"table\":{\"no\":4.50}}")
                    .properties(Map.of("p_dish", "pie"))
                    .build(origin))));
    assertThat(rakam(Set.of("_user", "table")))
        .isEqualTo(
            "event: data\ndata: [{\"collection\":\"ordered\",\"properties\":{\"_user\":\"rosa\","
                + "\"table\":{\"no\":4.50}}}]\n\n");
    assertThat(rakam(Set.of()))
        .contains("\"_time\":\"1970-01-01T00:00:01Z\"", "\"Dish\":\"pie\"", "\"_id\":\"1\"");
  }

  private String rakam(Set<String> columns) throws IOException {
    Chunk chunk = events.read(Position.START, all("p"), new RakamFraming(columns), 10);
    return new String(chunk.bytes(), StandardCharsets.UTF_8).replaceFirst("^id: [0-9a-f]+\n", "");
  }

  @Test
  void aConditionIsAFilterToo() throws IOException {
    append("p", "viewed", "soup");
    append("p", "ordered", "pie");
    EventFilter filter =
        new EventFilter(
            "p",
            Set.of(),
            Map.of(),
            Optional.empty(),
            Optional.of(ConditionParser.parse("event = 'ordered' and Dish like 'p%'")));
    assertThat(read(filter)).containsExactly("e2");
  }

  @Test
  void aLimitedReaderSeesItsRowsAlone() throws IOException {
    append("p", "viewed", "soup");
    append("p", "viewed", "pie");
    EventFilter limited =
        new EventFilter(
            "p", Set.of(), Map.of(), Optional.of(EventFilter.Limit.of("Dish", "\"pie\"")));
    assertThat(read(limited)).containsExactly("e2");
    assertThat(
            read(
                new EventFilter(
                    "p", Set.of(), Map.of(), Optional.of(EventFilter.Limit.of("dish", "\"pie\"")))))
        .as("the exact name alone")
        .isEmpty();
    assertThat(read(new EventFilter("p", Set.of(), Map.of("event", "viewed"), Optional.empty())))
        .containsExactly("e1", "e2");
  }

  private List<String> read(EventFilter filter) throws IOException {
    Chunk chunk = events.read(Position.START, filter, Framing.LINES, 10);
    return ids(new String(chunk.bytes(), StandardCharsets.UTF_8).lines().toList());
  }

  @Test
  void integersThatNoDoubleHoldsAreCompared() {
    assertThat(EventFilter.Limit.of("n", "9007199254740993"))
        .isNotEqualTo(EventFilter.Limit.of("n", "9007199254740992"));
    assertThat(EventFilter.Limit.of("n", "17")).isEqualTo(EventFilter.Limit.of("n", "17.0"));
  }
}
