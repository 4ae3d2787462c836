package weir.log.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a copy of a log is to hold, while its writer goes on. Its segments are held from the first
 * call on by names of their own, so that a release does not take away what the copy needs; the end
 * is taken later. Everything between the two is in the copy: from the earliest frame at the first
 * call to the durable end at the last.
 *
 * <p>Between the two the log must not be released beyond the end that it had at the first: a
 * segment that was begun and released in between would be missing.
 */
public final class LogCopy {
  private final LogDirectory live;
  private final LogDirectory held;

  /**
   * A file of the copy.
   *
   * @param name in the copy's directory
   * @param source what to copy
   * @param bytes how much of it, from its start
   */
  public record Part(String name, Path source, long bytes) {}

  private LogCopy(LogDirectory live, LogDirectory held) {
    this.live = live;
    this.held = held;
  }

  /**
   * Holds the segments that there are.
   *
   * @param holding a folder on the same disk, created here; its caller deletes it
   */
  public static LogCopy hold(Path directory, Path holding) throws IOException {
    Files.createDirectories(holding);
    LogCopy copy =
        new LogCopy(
            new LogDirectory(weir.log.files.Files.system(), directory, 0),
            new LogDirectory(weir.log.files.Files.system(), holding, 0));
    copy.holdSegments();
    return copy;
  }

  /** The newest first: whatever is released meanwhile is older than all that is held. */
  private void holdSegments() throws IOException {
    for (long base : live.bases().descendingSet()) {
      try {
        link(live.segment(base), held.segment(base));
      } catch (NoSuchFileException e) {
        return; // released, and all before it
      }
      try {
        link(live.index(base), held.index(base));
      } catch (NoSuchFileException e) {
        continue; // the newest may have none yet
      }
    }
  }

  private static void link(Path file, Path link) throws IOException {
    if (Files.exists(link)) {
      if (Files.isSameFile(file, link)) {
        return;
      }
      Files.delete(link); // a segment that failed was begun anew under its name
    }
    Files.createLink(link, file);
  }

  /**
   * The copy's files, up to the durable end that the writer has published by now.
   *
   * @throws IOException if none can be made out
   */
  public List<Part> upToPublishedEnd() throws IOException {
    byte[] published = published();
    Extent end = extent(published);
    holdSegments();
    List<Part> parts = new ArrayList<>();
    TreeSet<Long> bases = held.bases();
    for (long base : bases) {
      if (base > end.end()) {
        break;
      }
      Long next = bases.higher(base);
      boolean last = next == null || next > end.end();
      long wanted = SegmentHeader.offset(base, last ? end.end() : next);
      Path segment = held.segment(base);
      parts.add(
          new Part(
              segment.getFileName().toString(), segment, Math.min(wanted, Files.size(segment))));
      if (!last) {
        addIndex(base, parts);
      }
    }
    Path durable = held.path().resolve(DurableFile.NAME);
    Files.write(durable, published);
    parts.add(new Part(DurableFile.NAME, durable, published.length));
    return parts;
  }

  /** The copy's files where no writer runs and none will until they are copied: all as it is. */
  public List<Part> whole() throws IOException {
    holdSegments();
    List<Part> parts = new ArrayList<>();
    for (long base : held.bases()) {
      Path segment = held.segment(base);
      parts.add(new Part(segment.getFileName().toString(), segment, Files.size(segment)));
      addIndex(base, parts);
    }
    Path durable = live.path().resolve(DurableFile.NAME);
    if (Files.exists(durable)) {
      parts.add(new Part(DurableFile.NAME, durable, Files.size(durable)));
    }
    return parts;
  }

  private void addIndex(long base, List<Part> parts) throws IOException {
    Path index = held.index(base);
    if (Files.exists(index)) {
      parts.add(new Part(index.getFileName().toString(), index, Files.size(index)));
    }
  }

  private byte[] published() throws IOException {
    for (int i = 0; i < 100; i++) {
      byte[] bytes = Files.readAllBytes(live.path().resolve(DurableFile.NAME));
      if (DurableFile.parse(bytes) != null) {
        return bytes;
      }
      Thread.onSpinWait();
    }
    throw new IOException("the durable end of the log in " + live.path() + " cannot be made out");
  }

  private static Extent extent(byte[] published) throws IOException {
    Extent extent = DurableFile.parse(published);
    if (extent == null) {
      throw new IOException("not a durable end");
    }
    return extent;
  }
}
