package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/**
 * The file in which a writer publishes its durable end after every fsync: end, base and a checksum,
 * in one small write that is not synced. A power cut may leave it stale, torn or empty, never ahead
 * of what is durable.
 */
final class DurableFile implements AutoCloseable {
  static final String NAME = "durable";
  private static final int BYTES = 20;
  private final FileHandle handle;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
  private final CRC32C crc = new CRC32C();

  private DurableFile(FileHandle handle) {
    this.handle = handle;
  }

  static DurableFile open(Files files, Path directory) throws IOException {
    return new DurableFile(files.open(directory.resolve(NAME)));
  }

  static DurableFile openOrCreate(Files files, Path directory) throws IOException {
    try {
      return open(files, directory);
    } catch (NoSuchFileException e) {
      return new DurableFile(files.create(directory.resolve(NAME)));
    }
  }

  /** What was published last, or null if that cannot be made out. */
  @Nullable Extent read() throws IOException {
    buffer.clear();
    if (handle.read(buffer, 0) < BYTES) {
      return null;
    }
    long end = buffer.getLong(0);
    long base = buffer.getLong(8);
    if (buffer.getInt(16) != checksum() || base < 0 || end < base) {
      return null;
    }
    return new Extent(base, end);
  }

  /** What these bytes of such a file publish, or null if that cannot be made out. */
  static @Nullable Extent parse(byte[] bytes) {
    if (bytes.length < BYTES) {
      return null;
    }
    ByteBuffer content = ByteBuffer.wrap(bytes);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, 16);
    long end = content.getLong(0);
    long base = content.getLong(8);
    boolean whole = content.getInt(16) == (int) checksum.getValue() && base >= 0 && end >= base;
    return whole ? new Extent(base, end) : null;
  }

  void publish(Extent extent) throws IOException {
    buffer.clear();
    buffer.putLong(0, extent.end()).putLong(8, extent.base());
    buffer.putInt(16, checksum());
    handle.write(buffer.clear(), 0);
  }

  void sync() throws IOException {
    handle.sync();
  }

  @Override
  public void close() throws IOException {
    handle.close();
  }

  private int checksum() {
    crc.reset();
    buffer.position(0).limit(16);
    crc.update(buffer);
    buffer.clear();
    return (int) crc.getValue();
  }
}
