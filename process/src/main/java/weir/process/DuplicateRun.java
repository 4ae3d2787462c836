package weir.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/**
 * A file of one slice's fingerprints in unsigned order, never changed once it is written.
 *
 * <pre>
 *   0  8 bytes  "WEIRDUP1"
 *   8  int      slice: floor(received_at / length of a slice)
 *  12  int      CRC32C of the fingerprints
 *  16  long     number of fingerprints
 *  24  ...      16 bytes each
 * </pre>
 *
 * <p>In memory are a filter (16 bits a fingerprint) and the first high half of every 256
 * fingerprints (a quarter of a bit each), so that a question that passes the filter costs one read
 * of 4 KB. A broken checksum is reported by {@link #intact}; the file is used as it is, since all
 * its other fingerprints are as good as before.
 */
final class DuplicateRun implements AutoCloseable {
  static final int ENTRY = 16;
  static final int HEADER = 24;
  private static final long MAGIC = 0x5745495244555031L;
  private static final int BLOCK = 256;
  private static final int CHUNK = 1 << 16;

  private final FileHandle file;
  private final String name;
  private final int slice;
  private final long count;
  private final boolean intact;
  private final long[] firsts;
  private final FingerprintFilter filter;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK * ENTRY);

  private DuplicateRun(FileHandle file, String name) throws IOException {
    this.file = file;
    this.name = name;
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    boolean whole = file.read(header, 0) == HEADER;
    header.flip();
    if (!whole || header.getLong() != MAGIC) {
      throw new IOException(name + " is no file of duplicate fingerprints");
    }
    this.slice = header.getInt();
    int crc = header.getInt();
    long said = header.getLong();
    this.count = Math.min(said, (file.size() - HEADER) / ENTRY);
    this.firsts = new long[Math.toIntExact((count + BLOCK - 1) / BLOCK)];
    this.filter = new FingerprintFilter(count);
    this.intact = index() == crc && count == said;
  }

  static DuplicateRun open(Files files, Path directory, String name) throws IOException {
    FileHandle file = files.open(directory.resolve(name));
    try {
      return new DuplicateRun(file, name);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private int index() throws IOException {
    CRC32C crc = new CRC32C();
    Scan scan = new Scan(crc);
    for (long i = 0; scan.next(); i++) {
      if (i % BLOCK == 0) {
        firsts[(int) (i / BLOCK)] = scan.high();
      }
      filter.add(scan.high(), scan.low());
    }
    return (int) crc.getValue();
  }

  String name() {
    return name;
  }

  int slice() {
    return slice;
  }

  long count() {
    return count;
  }

  boolean intact() {
    return intact;
  }

  long memoryBytes() {
    return filter.bytes() + (long) firsts.length * Long.BYTES;
  }

  boolean holds(long h, long l) throws IOException {
    if (!filter.mayHold(h, l)) {
      return false;
    }
    int at = lastBlockFrom(h);
    while (at >= 0) {
      if (blockHolds(at, h, l)) {
        return true;
      }
      if (firsts[at] != h) {
        return false;
      }
      at--; // equal high halves go on before this block
    }
    return false;
  }

  /** The last block that begins at or before a high half; -1 if none does. */
  private int lastBlockFrom(long h) {
    int from = 0;
    int to = firsts.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (Long.compareUnsigned(firsts[middle], h) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from - 1;
  }

  private boolean blockHolds(int at, long h, long l) throws IOException {
    block.clear();
    long left = count - (long) at * BLOCK;
    block.limit((int) Math.min(BLOCK, left) * ENTRY);
    int read = file.read(block, HEADER + (long) at * BLOCK * ENTRY);
    int from = 0;
    int to = read / ENTRY;
    while (from < to) {
      int middle = (from + to) >>> 1;
      int order = Long.compareUnsigned(block.getLong(middle * ENTRY), h);
      if (order == 0) {
        order = Long.compareUnsigned(block.getLong(middle * ENTRY + Long.BYTES), l);
      }
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return false;
  }

  /** Reads all fingerprints in order. */
  FingerprintOrder scan() {
    return new Scan(null);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** A pass over the file. */
  final class Scan implements FingerprintOrder {
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);
    private final @Nullable Checksum checksum;
    private long read;
    private long high;
    private long low;

    private Scan(@Nullable Checksum checksum) {
      this.checksum = checksum;
    }

    @Override
    public boolean next() throws IOException {
      if (chunk.remaining() < ENTRY && !fill()) {
        return false;
      }
      high = chunk.getLong();
      low = chunk.getLong();
      return true;
    }

    @Override
    public long high() {
      return high;
    }

    @Override
    public long low() {
      return low;
    }

    private boolean fill() throws IOException {
      long left = (count - read) * ENTRY;
      if (left == 0) {
        return false;
      }
      chunk.clear().limit((int) Math.min(left, CHUNK));
      int n = file.read(chunk, HEADER + read * ENTRY);
      chunk.flip();
      if (n < ENTRY) {
        throw new IOException(name + " ends early");
      }
      if (checksum != null) {
        checksum.update(chunk.array(), 0, n);
      }
      read += n / ENTRY;
      return true;
    }
  }

  /** Writes a run and makes its bytes durable; its name is not before the directory is synced. */
  static final class Writer implements AutoCloseable {
    private final FileHandle file;
    private final int slice;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private final CRC32C crc = new CRC32C();
    private long written;

    Writer(Files files, Path path, int slice) throws IOException {
      this.file = files.create(path);
      this.slice = slice;
    }

    void add(long h, long l) throws IOException {
      if (!chunk.hasRemaining()) {
        flush();
      }
      chunk.putLong(h).putLong(l);
    }

    private void flush() throws IOException {
      chunk.flip();
      int bytes = chunk.remaining();
      crc.update(chunk.array(), 0, bytes);
      file.write(chunk, HEADER + written * ENTRY);
      written += bytes / ENTRY;
      chunk.clear();
    }

    long finish() throws IOException {
      flush();
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      header.putLong(MAGIC).putInt(slice).putInt((int) crc.getValue()).putLong(written).flip();
      file.write(header, 0);
      file.sync();
      return written;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
