package weir.tools.importing;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines that did not become events and why: the first few here, all of them in a file; and the
 * rows themselves in a file of the kind that they came from, so that they can be mended and
 * imported. Safe for use by several threads.
 */
final class Refusals implements AutoCloseable {
  private static final int SHOWN = 20;

  private final Path reasons;
  private final Path rows;
  private final String heading;
  private final List<String> first = new ArrayList<>();
  private @Nullable Writer writer;
  private @Nullable Writer rowWriter;
  private long count;

  /**
   * @param input the file that is imported
   * @param source of its rows
   */
  Refusals(Path input, RowSource source) {
    this.reasons = ImportState.place(input, ".refused.txt");
    this.rows = ImportState.place(input, ".refused" + source.suffix());
    this.heading = source.heading();
  }

  /**
   * Takes a row that nobody has.
   *
   * @param text the row; null where nobody knows where it ends
   */
  synchronized void add(long line, String reason, @Nullable String text) throws IOException {
    add(line, reason);
    if (text == null) {
      return;
    }
    if (rowWriter == null) {
      rowWriter = Files.newBufferedWriter(rows, StandardCharsets.UTF_8);
      if (!heading.isEmpty()) {
        rowWriter.write(heading + "\n");
      }
    }
    rowWriter.write(text + "\n");
  }

  /** Takes a row that is kept, but is no event. */
  synchronized void add(long line, String reason) throws IOException {
    count++;
    String text = "line " + line + ": " + reason;
    if (count <= SHOWN) {
      first.add(text);
    }
    if (writer == null) {
      writer = Files.newBufferedWriter(reasons, StandardCharsets.UTF_8);
    }
    writer.write(text + "\n");
  }

  /** The first lines, and where the rest is. */
  synchronized List<String> describe() {
    List<String> lines = new ArrayList<>(first);
    if (writer != null) {
      lines.add((count > SHOWN ? "... all " + count : "these reasons") + " are in " + reasons);
    }
    if (rowWriter != null) {
      lines.add("the refused rows are in " + rows + ", to be mended and imported");
    }
    return lines;
  }

  @Override
  public synchronized void close() throws IOException {
    try (Writer first = writer;
        Writer second = rowWriter) {
      // closed in reverse order
    }
  }
}
