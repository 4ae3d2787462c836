package weir.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * {@code WORK/marks}, in which a traced load says what happens: a line {@code ack ID} for every
 * event as soon as it is acknowledged. Each line is one write, so that it has a place in the trace.
 */
final class MarksFile {
  static final String ACKNOWLEDGED = "ack ";

  private final Path work;
  private final FileChannel channel;

  private MarksFile(Path work, FileChannel channel) {
    this.work = work;
    this.channel = channel;
  }

  static MarksFile create(Path work) throws IOException {
    return new MarksFile(
        work,
        FileChannel.open(
            work.resolve("marks"), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND));
  }

  void write(String text) throws IOException {
    ByteBuffer line = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    if (channel.write(line) == 0) {
      throw new IOException("the marks file took nothing");
    }
  }

  void acknowledge(List<String> ids) throws IOException {
    for (String id : ids) {
      write(ACKNOWLEDGED + id);
    }
  }

  /** Leaves behind what was sent, for {@link LoadRecording}. */
  void finish(IdBook book) throws IOException {
    Expectation all = book.expectation();
    Files.writeString(work.resolve("sends"), Long.toString(all.sends()));
    Files.write(work.resolve("sent"), all.sent());
    channel.close();
  }
}
