package weir.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.event.Position;

/** What every {@link EventLog} promises. */
public abstract class EventLogContract {
  private EventLog log;

  /** An empty log that holds at least 64 KiB and at most 1 MiB before it is Full. */
  protected abstract EventLog create() throws IOException;

  @BeforeEach
  void open() throws IOException {
    log = create();
  }

  @AfterEach
  void close() throws IOException {
    log.close();
  }

  @Test
  void anEmptyLogHasNothingToRead() throws Exception {
    assertThat(log.durableEnd()).isEqualTo(Position.START);
    assertThat(log.earliest()).isEqualTo(log.durableEnd());
    try (LogReader reader = log.read(Position.START)) {
      assertThat(reader.next()).isNull();
      assertThat(reader.await(Duration.ofMillis(1))).isFalse();
      assertThat(reader.position()).isEqualTo(Position.START);
    }
  }

  @Test
  void framesComeBackInOrder() throws Exception {
    store("a", "b");
    store("c");
    assertThat(texts(Position.START)).containsExactly("a", "b", "c");
  }

  @Test
  void positionsJoin() throws Exception {
    Appended.Stored first = store("a", "bb", "ccc");
    Appended.Stored second = store("dddd");
    assertThat(second.first()).isEqualTo(first.end());
    assertThat(log.durableEnd()).isEqualTo(second.end());
    Position at = first.first();
    for (LogEntry entry : entries(Position.START)) {
      assertThat(entry.position()).isEqualTo(at);
      at = entry.next();
    }
    assertThat(at).isEqualTo(second.end());
  }

  @Test
  void howFarApartPositionsAreIsAskedInBytes() throws Exception {
    store("a".repeat(1_000), "b".repeat(1_000));
    Position middle = log.durableEnd();
    store("c".repeat(10_000));
    Position end = log.durableEnd();
    assertThat(log.bytesBetween(middle, end)).isBetween(5_000L, 20_000L);
    assertThat(log.bytesBetween(Position.START, end)).isGreaterThan(log.bytesBetween(middle, end));
    assertThat(log.bytesBetween(middle, middle)).isZero();
    assertThat(log.bytesBetween(end, middle)).isZero();
  }

  @Test
  void aReaderStartsAtAnyEntry() throws Exception {
    store("a", "b");
    store("c");
    List<LogEntry> all = entries(Position.START);
    assertThat(texts(all.get(1).position())).containsExactly("b", "c");
    assertThat(texts(all.get(1).next())).containsExactly("c");
    assertThat(texts(log.durableEnd())).isEmpty();
  }

  @Test
  void readersAreIndependent() throws Exception {
    store("a", "b");
    try (LogReader one = log.read(Position.START);
        LogReader other = log.read(Position.START)) {
      assertThat(text(one.next())).isEqualTo("a");
      assertThat(text(one.next())).isEqualTo("b");
      assertThat(text(other.next())).isEqualTo("a");
    }
  }

  @Test
  void aReaderGoesOnWhereItFoundTheEnd() throws Exception {
    try (LogReader reader = log.read(Position.START)) {
      assertThat(reader.next()).isNull();
      store("a");
      assertThat(text(reader.next())).isEqualTo("a");
      assertThat(reader.next()).isNull();
      store("b");
      assertThat(text(reader.next())).isEqualTo("b");
    }
  }

  @Test
  void aWaitingReaderIsWoken() throws Exception {
    try (LogReader reader = log.read(Position.START)) {
      CompletableFuture<Boolean> woken = new CompletableFuture<>();
      Thread waiting =
          Thread.ofPlatform()
              .name("waiting-reader")
              .start(() -> {
                try {
                  woken.complete(reader.await(Duration.ofDays(1)));
                } catch (Exception e) {
                  woken.completeExceptionally(e);
                }
              });
      Awaitility.await().until(() -> isParked(waiting));
      store("a");
      assertThat(woken.get(30, TimeUnit.SECONDS)).isTrue();
      waiting.join();
      assertThat(text(reader.next())).isEqualTo("a");
    }
  }

  private static boolean isParked(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING
        || thread.getState() == Thread.State.WAITING;
  }

  @Test
  void manyAndLargeFramesComeBack() throws Exception {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<String> batch = new ArrayList<>();
      for (int j = 0; j <= i; j++) {
        batch.add((i + ":" + j + ";").repeat(1 + (i * j) % 13));
      }
      store(batch.toArray(String[]::new));
      sent.addAll(batch);
    }
    assertThat(texts(Position.START)).containsExactlyElementsOf(sent);
  }

  @Test
  void batchesOfSeveralThreadsDoNotMix() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "appender-" + i;
      threads.add(
          Thread.ofPlatform()
              .name(name)
              .start(() -> {
                for (int j = 0; j < 25; j++) {
                  String id = name + "/" + j;
                  storeUnchecked(id + "/0", id + "/1", id + "/2");
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    List<String> all = texts(Position.START);
    assertThat(all).hasSize(300);
    for (int i = 0; i < all.size(); i += 3) {
      String id = all.get(i).substring(0, all.get(i).lastIndexOf('/'));
      assertThat(all.subList(i, i + 3)).containsExactly(id + "/0", id + "/1", id + "/2");
    }
  }

  @Test
  void anEmptyFrameIsRefusedWithItsBatch() throws Exception {
    assertThatThrownBy(() -> log.append(List.of("a".getBytes(UTF_8), new byte[0])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(texts(Position.START)).isEmpty();
  }

  @Test
  void anEmptyBatchStoresNothing() throws Exception {
    Appended.Stored stored = store();
    assertThat(stored.first()).isEqualTo(stored.end()).isEqualTo(log.durableEnd());
  }

  @Test
  void aReleaseNeverTakesMoreThanAsked() throws Exception {
    fill(30);
    List<LogEntry> all = entries(Position.START);
    LogEntry kept = all.get(all.size() / 2);
    log.releaseBefore(kept.position());
    assertThat(log.earliest()).isLessThanOrEqualTo(kept.position());
    assertThat(texts(kept.position()))
        .containsExactlyElementsOf(
            all.subList(all.size() / 2, all.size()).stream().map(EventLogContract::text).toList());
    assertThat(entries(Position.START).getFirst().position()).isEqualTo(log.earliest());
  }

  @Test
  void aReleasedPositionIsRefused() throws Exception {
    try (LogReader slow = log.read(Position.START)) {
      fill(30);
      assertThat(slow.next()).isNotNull();
      Position second = slow.position();
      log.releaseBefore(log.durableEnd());
      assertThat(log.earliest()).isGreaterThan(second);
      assertThatThrownBy(() -> log.read(second))
          .isInstanceOfSatisfying(
              PositionReleasedException.class, e -> assertThat(e.earliest()).isGreaterThan(second));
      assertThatThrownBy(() -> drain(slow)).isInstanceOf(PositionReleasedException.class);
    }
  }

  @Test
  void positionsGoOnAfterEverythingWasReleased() throws Exception {
    fill(30);
    Position end = log.durableEnd();
    log.releaseBefore(end);
    assertThat(log.durableEnd()).isEqualTo(end);
    assertThat(store("next").first()).isEqualTo(end);
    assertThat(texts(end)).containsExactly("next");
  }

  @Test
  void aFullLogKeepsWhatItHasAndGoesOnAfterARelease() throws Exception {
    byte[] frame = new byte[1000];
    int stored = 0;
    while (log.append(List.of(frame)) instanceof Appended.Stored) {
      stored++;
    }
    assertThat(stored).isBetween(50, 1100);
    assertThat(entries(Position.START)).hasSize(stored);
    log.releaseBefore(log.durableEnd());
    assertThat(log.append(List.of(frame))).isInstanceOf(Appended.Stored.class);
  }

  @Test
  void aClosedLogAndAClosedReaderSaySo() throws Exception {
    store("a");
    LogReader reader = log.read(Position.START);
    reader.close();
    assertThatThrownBy(reader::next).isInstanceOf(IllegalStateException.class);
    log.close();
    assertThatThrownBy(() -> store("b")).isInstanceOf(IllegalStateException.class);
  }

  private void fill(int groups) throws IOException {
    for (int i = 0; i < groups; i++) {
      store("frame " + i + ".".repeat(900));
    }
  }

  private Appended.Stored store(String... texts) throws IOException {
    List<byte[]> batch = new ArrayList<>();
    for (String text : texts) {
      batch.add(text.getBytes(UTF_8));
    }
    return (Appended.Stored) log.append(batch);
  }

  private void storeUnchecked(String... texts) {
    try {
      store(texts);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<LogEntry> entries(Position from) throws IOException {
    try (LogReader reader = log.read(from)) {
      return drain(reader);
    }
  }

  private List<String> texts(Position from) throws IOException {
    return entries(from).stream().map(EventLogContract::text).toList();
  }

  public static List<LogEntry> drain(LogReader reader) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
      entries.add(entry);
    }
    return entries;
  }

  public static String text(@Nullable LogEntry entry) {
    return switch (entry) {
      case null -> "nothing";
      case LogEntry.Frame frame -> new String(frame.payload(), UTF_8);
      case LogEntry.Damaged damaged -> "damaged: " + damaged.bytes().length;
    };
  }
}
