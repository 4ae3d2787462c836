package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import weir.log.files.FileHandle;

/**
 * The sparse index beside a segment: entries of 20 bytes (position, milliseconds, CRC32C), each
 * written after the fsync of the group that begins at its position. Frames before the position are
 * not younger than the time. Never synced and never believed unseen: a reader checks that a frame
 * begins there.
 */
final class TimeIndex implements AutoCloseable {
  record Entry(long position, long millis) {}

  private static final int BYTES = 20;
  private static final int CHECKED = 16;
  private static final long SPACING = 64 << 10;
  private final FileHandle file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);
  private long offset;
  private long last;

  private TimeIndex(FileHandle file, long offset, long last) {
    this.file = file;
    this.offset = offset;
    this.last = last;
  }

  /** Opens the index of a segment for writing on, or makes it anew. */
  static TimeIndex openOrCreate(LogDirectory directory, long base) throws IOException {
    Path path = directory.index(base);
    FileHandle file;
    try {
      file = directory.files().open(path);
    } catch (NoSuchFileException e) {
      return new TimeIndex(directory.files().create(path), 0, base);
    }
    long size = file.size();
    List<Entry> entries = entries(file);
    long last = entries.isEmpty() ? base : entries.getLast().position();
    return new TimeIndex(file, size - size % BYTES, last);
  }

  /** The entries of a segment's index that are whole; none if there is no index. */
  static List<Entry> read(LogDirectory directory, long base) throws IOException {
    try (FileHandle file = directory.files().open(directory.index(base))) {
      return entries(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Notes that a durable group begins at a position, unless another entry is near. */
  void note(long position, long millis) throws IOException {
    if (position - last < SPACING) {
      return;
    }
    buffer.clear().putLong(position).putLong(millis).putInt(checksum(buffer.array(), 0));
    file.write(buffer.flip(), offset);
    offset += BYTES;
    last = position;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static List<Entry> entries(FileHandle file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
    file.read(bytes, 0);
    bytes.flip();
    List<Entry> entries = new ArrayList<>();
    while (bytes.remaining() >= BYTES) {
      int checksum = checksum(bytes.array(), bytes.position());
      Entry entry = new Entry(bytes.getLong(), bytes.getLong());
      if (bytes.getInt() == checksum) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static int checksum(byte[] bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at, CHECKED);
    return (int) crc.getValue();
  }
}
