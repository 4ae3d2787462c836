package weir.log.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogLockedException;
import weir.log.LogReader;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/** One log, several real processes. */
class ProcessesTest {
  private static final LogOptions OPTIONS = new LogOptions(100_000, 50_000_000, 0, 100_000);
  @TempDir private Path directory;

  @Test
  void aSecondWriterIsRefusedHereAndElsewhere() throws Exception {
    try (EventLog log = writer(directory)) {
      assertThatThrownBy(() -> writer(directory))
          .isInstanceOf(LogLockedException.class)
          .hasMessageContaining(directory.toString());
      Process child = start("write");
      assertThat(child.inputReader().readLine()).contains("has a writer already");
      assertThat(child.waitFor()).isZero();
      log.append(List.of(new byte[] {1}));
    }
    writer(directory).close();
  }

  @Test
  void aReaderInAnotherProcessNeverPassesTheDurableEnd() throws Exception {
    EventLog log = writer(directory);
    Process child = start("read");
    try (log;
        BufferedReader lines = child.inputReader()) {
      for (int i = 0; i < 200; i++) {
        leaveUnsyncedFrame(log.durableEnd());
        log.append(List.of(number(i), number(i), new byte[900]));
        assertThat(Position.parse(lines.readLine())).isEqualTo(log.durableEnd());
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void aKilledWriterLosesNothingThatItAcknowledged() throws Exception {
    long next = 0;
    for (int round = 0; round < 3; round++) {
      Process child = start("write");
      long acknowledged = -1;
      try (BufferedReader lines = child.inputReader()) {
        for (int i = 0; i < 50; i++) {
          acknowledged = Long.parseLong(lines.readLine());
        }
        // Not the process's own method, which would close the stream and lose what was printed.
        child.toHandle().destroyForcibly();
        child.waitFor();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          acknowledged = line.isEmpty() ? acknowledged : Long.parseLong(line);
        }
      }
      try (EventLog log = writer(directory);
          LogReader reader = log.read(Position.START)) {
        next = 0;
        for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
          assertThat(entry).isInstanceOf(LogEntry.Frame.class);
          assertThat(((LogEntry.Frame) entry).payload()).startsWith(number(next++));
        }
        assertThat(next).isGreaterThan(acknowledged);
      }
    }
    assertThat(next).isGreaterThanOrEqualTo(150);
  }

  /** A whole frame behind the durable end, as a group leaves it that is written but not synced. */
  private void leaveUnsyncedFrame(Position end) throws IOException {
    LogDirectory log = new LogDirectory(Files.system(), directory, 0);
    long base = log.newest().orElseThrow();
    try (FileHandle file = Files.system().open(log.segment(base))) {
      SegmentHeader header = SegmentHeader.read(file, base).orElseThrow();
      byte[] frame = new byte[FrameCodec.HEADER + 8];
      new FrameCodec(header.salt()).encode(end.value(), 0, new byte[8], frame);
      file.write(ByteBuffer.wrap(frame), SegmentHeader.offset(base, end.value()));
    }
  }

  private Process start(String role) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            role,
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static EventLog writer(Path directory) throws IOException {
    return EmbeddedLog.writer(Files.system(), directory, OPTIONS, InstantSource.system());
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  /** The other process. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Path directory = Path.of(args[1]);
      if (args[0].equals("read")) {
        read(directory);
      } else {
        write(directory);
      }
    }

    /** Tells every position at which it found the end anew. */
    private static void read(Path directory) throws Exception {
      try (EventLog log = EmbeddedLog.reader(Files.system(), directory);
          LogReader reader = log.read(Position.START)) {
        while (reader.await(Duration.ofSeconds(30))) {
          LogEntry entry = reader.next();
          while (entry != null) {
            entry = reader.next();
          }
          print(reader.position().toString());
        }
      }
    }

    /** Counts on, telling each number that was stored. */
    private static void write(Path directory) throws Exception {
      EventLog log;
      try {
        log = writer(directory);
      } catch (LogLockedException e) {
        print(e.toString());
        return;
      }
      long next = 0;
      try (LogReader reader = log.read(Position.START)) {
        while (reader.next() != null) {
          next++;
        }
      }
      while (true) {
        byte[] frame = new byte[2_000];
        ByteBuffer.wrap(frame).putLong(next);
        log.append(List.of(frame));
        print(Long.toString(next++));
      }
    }

    private static void print(String line) {
      byte[] bytes = (line + "\n").getBytes(UTF_8);
      System.out.write(bytes, 0, bytes.length);
      System.out.flush();
    }
  }
}
