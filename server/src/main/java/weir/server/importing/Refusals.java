package weir.server.importing;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines that did not become events and why: the first few here, all of them in a file where
 * there are more. Safe for use by several threads.
 */
final class Refusals implements AutoCloseable {
  private static final int SHOWN = 20;

  private final Path file;
  private final List<String> first = new ArrayList<>();
  private @Nullable Writer writer;
  private long count;

  /**
   * @param file created when there are many; an older one is replaced
   */
  Refusals(Path file) {
    this.file = file;
  }

  synchronized void add(long line, String reason) throws IOException {
    count++;
    String text = "line " + line + ": " + reason;
    if (count <= SHOWN) {
      first.add(text);
      return;
    }
    if (writer == null) {
      writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
      for (String each : first) {
        writer.write(each + "\n");
      }
    }
    writer.write(text + "\n");
  }

  synchronized long count() {
    return count;
  }

  /** The first lines, and where the rest is. */
  synchronized List<String> describe() {
    List<String> lines = new ArrayList<>(first);
    if (writer != null) {
      lines.add("... all " + count + " are in " + file);
    }
    return lines;
  }

  @Override
  public synchronized void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
