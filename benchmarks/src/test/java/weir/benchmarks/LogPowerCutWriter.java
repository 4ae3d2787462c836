package weir.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;

/** Appends numbered frames, in small segments, releases some, and says so in the marks. */
final class LogPowerCutWriter {
  static final int BATCHES = 120;
  static final String STORED = "stored ";
  static final String RELEASING = "releasing ";
  static final LogOptions OPTIONS = new LogOptions(20_000, 1 << 20, 0, 1 << 16);

  private LogPowerCutWriter() {}

  static byte[] frame(int number) {
    String filler = Integer.toHexString(number * 7919).repeat(number * 31 % 257);
    return (number + " " + filler).getBytes(StandardCharsets.US_ASCII);
  }

  public static void main(String[] arguments) throws IOException {
    Path work = Path.of(arguments[0]);
    java.nio.file.Files.createDirectory(work.resolve("root"));
    SplittableRandom random = new SplittableRandom(5);
    try (FileChannel marks =
        FileChannel.open(
            work.resolve("marks"), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND)) {
      int next = 0;
      for (int opened = 0; opened < 3; opened++) {
        try (EventLog log =
            EmbeddedLog.writer(
                Files.system(), work.resolve("root/log"), OPTIONS, InstantSource.system())) {
          next = append(log, random, marks, next);
        }
      }
    }
  }

  private static int append(EventLog log, SplittableRandom random, FileChannel marks, int first)
      throws IOException {
    int next = first;
    Position position = log.durableEnd();
    int there = next;
    for (int batch = 0; batch < BATCHES / 3; batch++) {
      List<byte[]> frames = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        frames.add(frame(next++));
      }
      Appended.Stored stored = (Appended.Stored) log.append(frames);
      mark(marks, STORED + (next - 1));
      if (batch % 15 == 14) {
        mark(marks, RELEASING + there);
        log.releaseBefore(position);
      }
      if (batch % 15 == 7) {
        position = stored.end();
        there = next;
      }
    }
    return next;
  }

  private static void mark(FileChannel marks, String text) throws IOException {
    marks.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
  }
}
