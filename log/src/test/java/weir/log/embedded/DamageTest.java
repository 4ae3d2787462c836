package weir.log.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.EventLogContract;
import weir.log.LogReader;
import weir.log.files.FileHandle;
import weir.log.files.MemoryFiles;

/** What is broken and had been durable is shown as such; what never was is cut off. */
class DamageTest {
  private static final Path DIRECTORY = Path.of("/data/log");
  private static final LogOptions OPTIONS = new LogOptions(10_000, 1_000_000, 0, 10_000);
  private static final String PADDING = ".".repeat(500);
  private final MemoryFiles files = new MemoryFiles();

  @Test
  void aFlippedBitInASealedSegment() throws Exception {
    fill(0, 60);
    flip(new Position(0), 0, 5 * 518 + 100);
    try (EventLog log = writer()) {
      assertThat(shown(log)).containsExactlyElementsOf(expected(60, 5));
    }
  }

  @Test
  void aFlippedBitInAFrameHeader() throws Exception {
    fill(0, 60);
    flip(new Position(0), 0, 5 * 518 + 2);
    try (EventLog log = writer()) {
      assertThat(shown(log)).containsExactlyElementsOf(expected(60, 5));
    }
  }

  @Test
  void aFlippedBitInTheLastSegmentIsProvenByLaterFrames() throws Exception {
    fill(0, 10);
    flip(new Position(0), 0, 5 * 518 + 100);
    files.delete(DIRECTORY.resolve("durable"));
    try (EventLog log = writer()) {
      assertThat(shown(log)).containsExactlyElementsOf(expected(10, 5));
    }
  }

  @Test
  void aFlippedBitInTheLastGroupIsProvenByThePublishedEnd() throws Exception {
    Position end = fill(0, 10);
    flip(new Position(0), 0, 9 * 518 + 100);
    try (EventLog log = writer()) {
      assertThat(log.durableEnd()).isEqualTo(end);
      assertThat(shown(log)).containsExactlyElementsOf(expected(10, 9));
    }
    files.delete(DIRECTORY.resolve("durable"));
    try (EventLog log = writer()) {
      assertThat(log.durableEnd()).as("proven by a segment from then on").isEqualTo(end);
      assertThat(append(log, "next").first()).isEqualTo(end);
      assertThat(shown(log)).hasSize(11).endsWith("next");
    }
  }

  @Test
  void aTornTailIsCutOffAndItsPlaceUsedAgain() throws Exception {
    Position end = fill(0, 10);
    try (FileHandle file = files.open(segment(Position.START))) {
      byte[] torn = new byte[700];
      new Random(1).nextBytes(torn);
      file.write(ByteBuffer.wrap(torn), file.size());
    }
    try (EventLog log = writer()) {
      assertThat(log.durableEnd()).isEqualTo(end);
      assertThat(append(log, "next").first()).isEqualTo(end);
      assertThat(shown(log)).hasSize(11).endsWith("next");
    }
  }

  @Test
  void lostBytesBeforeThePublishedEndAreDamage() throws Exception {
    Position end = fill(0, 10);
    try (FileHandle file = files.open(segment(Position.START))) {
      file.truncate(file.size() - 518 - 200);
    }
    try (EventLog log = writer()) {
      assertThat(log.durableEnd()).isEqualTo(end);
      append(log, "next");
      List<String> shown = shown(log);
      assertThat(shown.subList(0, 8)).isEqualTo(expected(8, -1));
      assertThat(shown.subList(8, 10)).allMatch(text -> text.startsWith("damaged"));
      assertThat(shown).hasSize(11).endsWith("next");
    }
  }

  @Test
  void aLostSegmentHeaderIsReadFromItsCopy() throws Exception {
    fill(0, 10);
    flip(Position.START, 0, -SegmentHeader.BYTES + 3);
    try (EventLog log = writer()) {
      assertThat(shown(log)).containsExactlyElementsOf(expected(10, -1));
    }
  }

  @Test
  void bothHeadersLostLoseTheSegmentButNoPosition() throws Exception {
    Position end = fill(0, 10);
    flip(Position.START, 0, -SegmentHeader.BYTES + 3);
    flip(Position.START, 0, -SegmentHeader.BYTES / 2 + 3);
    files.delete(DIRECTORY.resolve("durable"));
    try (EventLog log = writer()) {
      assertThat(log.durableEnd()).isEqualTo(end);
      append(log, "next");
      assertThat(shown(log)).containsExactly("damaged: 5180", "next");
    }
  }

  @Test
  void aSegmentOfANewerVersionIsRefused() throws Exception {
    fill(0, 1);
    try (FileHandle file = files.open(segment(Position.START))) {
      ByteBuffer header = ByteBuffer.allocate(40);
      file.read(header, 0);
      header.putInt(8, 2);
      java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
      crc.update(header.array(), 0, 36);
      header.putInt(36, (int) crc.getValue());
      file.write(header.clear(), 0);
    }
    assertThatThrownBy(this::writer).hasMessageContaining("version 2");
  }

  @Test
  void aPayloadThatLooksLikeAFrameIsNone() throws Exception {
    try (EventLog log = writer()) {
      append(log, "a");
      try (FileHandle file = files.open(segment(Position.START))) {
        ByteBuffer frame = ByteBuffer.allocate(17);
        file.read(frame, SegmentHeader.BYTES);
        log.append(List.of(frame.array(), "b".getBytes(UTF_8)));
      }
    }
    flip(Position.START, 17, 1);
    try (EventLog log = writer()) {
      assertThat(shown(log)).containsExactly("a", "damaged: 33", "b");
    }
  }

  @Test
  void garbageInThePublishedEndMeansNothingIsKnown() throws Exception {
    EventLog log = writer();
    Position end = append(log, "a").end();
    try (FileHandle file = files.open(DIRECTORY.resolve("durable"))) {
      file.write(ByteBuffer.wrap(new byte[20]), 0);
      EventLog other = EmbeddedLog.reader(files, DIRECTORY);
      assertThat(other.durableEnd()).isEqualTo(Position.START);
      assertThat(shown(other)).isEmpty();
      append(log, "b");
      assertThat(shown(other)).containsExactly("a", "b");
      file.write(ByteBuffer.wrap(new byte[20]), 0);
      assertThat(other.durableEnd()).as("what is known stays known").isGreaterThan(end);
    }
    files.kill();
    try (EventLog again = writer()) {
      assertThat(shown(again)).containsExactly("a", "b");
      assertThat(shown(EmbeddedLog.reader(files, DIRECTORY))).containsExactly("a", "b");
    }
  }

  @Test
  void aStalePublishedEndIsMovedOnAtRecovery() throws Exception {
    byte[] stale = new byte[20];
    try (EventLog log = writer();
        FileHandle file = files.open(DIRECTORY.resolve("durable"))) {
      append(log, "a");
      file.read(ByteBuffer.wrap(stale), 0);
      append(log, "b");
    }
    try (FileHandle file = files.open(DIRECTORY.resolve("durable"))) {
      file.write(ByteBuffer.wrap(stale), 0);
    }
    assertThat(shown(EmbeddedLog.reader(files, DIRECTORY))).containsExactly("a");
    try (EventLog log = writer()) {
      assertThat(shown(log)).containsExactly("a", "b");
      assertThat(shown(EmbeddedLog.reader(files, DIRECTORY))).containsExactly("a", "b");
    }
  }

  private EventLog writer() throws IOException {
    return EmbeddedLog.writer(files, DIRECTORY, OPTIONS, InstantSource.system());
  }

  /** Frames of 502 bytes, 518 with their headers, each a group of its own. */
  private Position fill(int from, int to) throws IOException {
    try (EventLog log = writer()) {
      for (int i = from; i < to; i++) {
        append(log, text(i));
      }
      return log.durableEnd();
    }
  }

  private static String text(int i) {
    return String.format("%02d", i) + PADDING;
  }

  private static List<String> expected(int count, int damaged) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(i == damaged ? "damaged: 518" : text(i));
    }
    return texts;
  }

  private static Appended.Stored append(EventLog log, String text) throws IOException {
    return (Appended.Stored) log.append(List.of(text.getBytes(UTF_8)));
  }

  private static List<String> shown(EventLog log) throws IOException {
    try (LogReader reader = log.read(Position.START)) {
      return EventLogContract.drain(reader).stream().map(EventLogContract::text).toList();
    }
  }

  private static Path segment(Position base) {
    return DIRECTORY.resolve(base + ".log");
  }

  private void flip(Position base, long from, long offset) throws IOException {
    try (FileHandle file = files.open(segment(base))) {
      long at = SegmentHeader.BYTES + from + offset;
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 0x10));
      file.write(one.clear(), at);
    }
  }
}
