package weir.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import weir.event.Position;
import weir.event.Positions;

class JoinedLogTest {
  private static List<EventLog> partitions(int count) {
    return IntStream.range(0, count).<EventLog>mapToObj(MemoryLog::ofPartition).toList();
  }

  private static void append(EventLog log, String text) {
    try {
      log.append(List.of(text.getBytes(UTF_8)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Property(tries = 100)
  void everyReaderMeetsEveryFrameInTheOrderOfItsPartition(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int count) throws IOException {
    Random random = new Random(seed);
    List<EventLog> partitions = partitions(count);
    PartitionedLog log = PartitionedLog.of(partitions);
    Map<Integer, List<String>> expected = new HashMap<>();
    Map<Integer, List<String>> read = new HashMap<>();
    PartitionedReader reader = log.read(Positions.START);
    for (int step = 0; step < 30; step++) {
      for (int i = random.nextInt(900); i > 0; i--) {
        int partition = random.nextInt(count);
        String text = partition + "/" + expected.getOrDefault(partition, List.of()).size();
        append(partitions.get(partition), text);
        expected.computeIfAbsent(partition, p -> new ArrayList<>()).add(text);
      }
      for (int i = random.nextInt(1_200); i > 0; i--) {
        take(reader, read);
      }
      if (random.nextInt(4) == 0) {
        Positions where = reader.positions();
        reader.close();
        reader = log.read(Positions.parse(where.toString()));
      }
    }
    while (take(reader, read)) {}
    assertThat(read).isEqualTo(expected);
    assertThat(reader.positions()).isEqualTo(log.durableEnd());
    assertThat(log.bytesBetween(Positions.START, log.durableEnd()))
        .isEqualTo(
            expected.values().stream().flatMap(List::stream).mapToLong(String::length).sum());
  }

  private static boolean take(PartitionedReader reader, Map<Integer, List<String>> read)
      throws IOException {
    LogEntry entry = reader.next();
    if (entry instanceof LogEntry.Frame frame) {
      read.computeIfAbsent(frame.partition(), p -> new ArrayList<>())
          .add(new String(frame.payload(), UTF_8));
    }
    return entry != null;
  }

  @Test
  void aBusyPartitionKeepsNoOtherWaiting() throws IOException {
    List<EventLog> partitions = partitions(3);
    for (int i = 0; i < 10_000; i++) {
      append(partitions.getFirst(), "busy");
    }
    append(partitions.get(1), "quiet");
    append(partitions.get(2), "quiet");
    int quiet = 0;
    try (PartitionedReader reader = PartitionedLog.of(partitions).read(Positions.START)) {
      for (int i = 0; i < 2_000; i++) {
        quiet += java.util.Objects.requireNonNull(reader.next()).partition() > 0 ? 1 : 0;
      }
    }
    assertThat(quiet).isEqualTo(2);
  }

  @Test
  void whoWaitsIsWokenByAnyPartition() throws Exception {
    List<EventLog> partitions = partitions(3);
    try (PartitionedReader reader = PartitionedLog.of(partitions).read(Positions.START)) {
      assertThat(reader.await(Duration.ofMillis(20))).isFalse();
      for (EventLog each : partitions) {
        CompletableFuture<Boolean> woken =
            CompletableFuture.supplyAsync(() -> await(reader, Duration.ofMinutes(1)));
        append(each, "x");
        assertThat(woken.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.next()).isNotNull();
      }
    }
  }

  private static boolean await(PartitionedReader reader, Duration atMost) {
    try {
      return reader.await(atMost);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachPartitionIsReleasedByItself() throws IOException {
    List<EventLog> partitions = partitions(2);
    append(partitions.get(0), "aa");
    append(partitions.get(1), "bb");
    append(partitions.get(1), "cc");
    PartitionedLog log = PartitionedLog.of(partitions);
    log.releaseBefore(Positions.of(1, new Position(2)));
    assertThat(log.earliest()).isEqualTo(Positions.of(1, new Position(2)));
    assertThatThrownBy(() -> log.read(Positions.of(1, new Position(1))))
        .isInstanceOf(PositionReleasedException.class);
    log.close();
    assertThatThrownBy(() -> partitions.get(1).append(List.of(new byte[1])))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPartitionIsThereOnce() {
    assertThatThrownBy(() -> PartitionedLog.of(List.of(new MemoryLog(), MemoryLog.ofPartition(0))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
