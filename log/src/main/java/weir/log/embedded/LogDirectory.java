package weir.log.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Pattern;
import weir.event.Position;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/** The files of one log: segments named by the position at which they begin, and their indexes. */
record LogDirectory(Files files, Path path, int partition) {
  private static final Pattern SEGMENT = Pattern.compile("[0-7][0-9a-f]{15}\\.log");
  private static final Pattern INDEX = Pattern.compile("[0-7][0-9a-f]{15}\\.idx");

  Path segment(long base) {
    return path.resolve(new Position(base) + ".log");
  }

  Path index(long base) {
    return path.resolve(new Position(base) + ".idx");
  }

  /** A file that becomes the next segment. */
  Path spare() {
    return path.resolve("spare");
  }

  /** Where the segments begin that exist now. */
  TreeSet<Long> bases() throws IOException {
    return bases(SEGMENT);
  }

  OptionalLong newest() throws IOException {
    TreeSet<Long> bases = bases();
    return bases.isEmpty() ? OptionalLong.empty() : OptionalLong.of(bases.last());
  }

  /** The position of the earliest frame that may exist. */
  Position earliest() throws IOException {
    TreeSet<Long> bases = bases();
    return bases.isEmpty() ? Position.START : new Position(bases.first());
  }

  /**
   * Deletes the segments that end before a position, and so have a successor that holds a durable
   * frame: one that is only just begun may still be taken back. Each deletion is durable before the
   * next begins, so that a power cut leaves no gap.
   */
  void releaseBefore(Position position) throws IOException {
    TreeSet<Long> bases = bases();
    while (bases.size() > 1) {
      long oldest = bases.removeFirst();
      if (bases.first() >= position.value()) {
        return;
      }
      files.delete(index(oldest));
      files.delete(segment(oldest));
      files.sync(path);
    }
  }

  /**
   * Cuts what a segment that failed still holds behind the base of its successor. The successor
   * hides it, but may go before it has a frame of its own.
   */
  void cutPredecessor(long base) throws IOException {
    Long previous = bases().lower(base);
    if (previous == null) {
      return;
    }
    try (FileHandle file = files.open(segment(previous))) {
      long size = SegmentHeader.offset(previous, base);
      if (file.size() > size) {
        file.truncate(size);
        file.sync();
      }
    }
  }

  /** Deletes indexes whose segments are gone, and a spare that was not taken. */
  void deleteOrphans() throws IOException {
    files.delete(spare());
    TreeSet<Long> orphans = bases(INDEX);
    orphans.removeAll(bases());
    for (long orphan : orphans) {
      files.delete(index(orphan));
    }
  }

  private TreeSet<Long> bases(Pattern name) throws IOException {
    TreeSet<Long> bases = new TreeSet<>();
    for (String file : files.list(path)) {
      if (name.matcher(file).matches()) {
        bases.add(Position.parse(file.substring(0, 16)).value());
      }
    }
    return bases;
  }
}
