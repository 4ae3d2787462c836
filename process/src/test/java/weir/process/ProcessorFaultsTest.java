package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import weir.decode.RawRequest;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.log.LogEntry;
import weir.log.LogReader;

/** The processor against the reference, with kills and power cuts at random points. */
class ProcessorFaultsTest {
  private static final DuplicateOptions DUPLICATES =
      new DuplicateOptions(Duration.ofDays(2), Duration.ofHours(6), 16);
  private static final SchemaLimits LIMITS = new SchemaLimits(7, 7, 3, 2);

  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void everyRawEventIsDecidedOnceAsTheReferenceDoes(@ForAll long seed) throws Exception {
    Path directory = Files.createTempDirectory("weir-process");
    try (Rig rig = new Rig(directory)) {
      new Run(rig, new Random(seed)).run();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static final class Run {
    private final Rig rig;
    private final Random random;
    private final RandomRequests requests;
    private final Reference reference;
    private final CleanRecordCodec codec = new CleanRecordCodec();

    /** What the clean log has held, also what was released meanwhile. */
    private final Map<Position, String> seen = new TreeMap<>();

    Run(Rig rig, Random random) {
      this.rig = rig;
      this.random = random;
      this.requests = new RandomRequests(random, rig.protocol);
      this.reference = new Reference(rig.protocol, DUPLICATES, LIMITS);
      rig.duplicates = DUPLICATES;
      rig.options =
          new ProcessOptions(
              1 + random.nextInt(3),
              1 + random.nextInt(4_000),
              1 + random.nextInt(20),
              1 + random.nextInt(4_000),
              Duration.ofMillis(random.nextInt(3)),
              random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(20),
              "default",
              ProcessOptions.CLOCK_TOLERANCE,
              LIMITS);
    }

    void run() throws Exception {
      for (int round = 0; round < 8; round++) {
        send(random.nextInt(60));
        work(round == 7);
        collect();
      }
      List<String> expected = reference.records.stream().map(Reference::text).toList();
      List<String> actual = List.copyOf(seen.values());
      for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
        assertThat(actual.get(i)).as("frame %d", i).isEqualTo(expected.get(i));
      }
      assertThat(actual).hasSameSizeAs(expected);
      PropertySchema schema = PropertySchema.open(rig.database);
      for (String project : List.of("shop", "blog")) {
        assertThat(schema.columns(project)).isEqualTo(reference.columns(project));
      }
    }

    private void send(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        RawRequest request = requests.next();
        reference.process(rig.send(request), request);
      }
    }

    private void work(boolean toTheEnd) throws Exception {
      if (!toTheEnd) {
        rig.files.powerOffAfter(random.nextInt(200));
      }
      try (Processor processor = rig.start()) {
        assertThat(processor.awaitCaughtUp(Rig.LONG)).as("caught up").isTrue();
      } catch (IOException | IllegalStateException e) {
        assertThat(toTheEnd).as("failed without a power cut: %s", e).isFalse();
      }
      if (random.nextBoolean()) {
        rig.files.crash(random);
      } else {
        rig.files.powerOffAfter(Long.MAX_VALUE - 1_000_000);
        rig.files.kill();
      }
      rig.clean = rig.openClean();
    }

    private void collect() throws IOException {
      try (LogReader reader = rig.clean.read(Position.START)) {
        for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
          LogEntry.Frame frame = (LogEntry.Frame) entry;
          String text = Reference.text(codec.decode(frame.payload()));
          String before = seen.putIfAbsent(frame.position(), text);
          assertThat(before == null ? text : before).isEqualTo(text);
        }
      }
      ProcessState state = rig.openState();
      state.duplicates().close();
      Position stamped =
          new ProcessPosition(rig.database)
              .read()
              .map(ProcessPosition.Stamp::clean)
              .orElse(Position.START);
      List<Position> holders = new ArrayList<>(List.of(stamped, state.duplicates().holdsFrom()));
      rig.clean.releaseBefore(holders.stream().min(Comparator.naturalOrder()).orElseThrow());
    }
  }
}
