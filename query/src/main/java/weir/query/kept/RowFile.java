package weir.query.kept;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rows of a level in a file that has no name any more: it goes when nothing refers to this, or
 * when the process ends.
 *
 * <p>The file has the persons of a partition, then their times, numbers and parts, in the byte
 * order of the machine; partitions lie in any order.
 */
final class RowFile implements RowStore {
  private static final int PIECE = 1 << 20;

  private final MemorySegment mapped;
  private final long[] offsets;
  private final int[] sizes;

  private RowFile(MemorySegment mapped, long[] offsets, int[] sizes) {
    this.mapped = mapped;
    this.offsets = offsets;
    this.sizes = sizes;
  }

  /** Writes rows. Several threads may each write partitions of their own. */
  static final class Writer {
    private final FileChannel channel;
    private final long[] offsets = new long[Rows.PARTITIONS];
    private final int[] sizes = new int[Rows.PARTITIONS];
    private final AtomicLong end = new AtomicLong();

    /**
     * Begins.
     *
     * @param channel of an empty file
     */
    Writer(FileChannel channel) {
      this.channel = channel;
    }

    /**
     * Writes the rows of a partition.
     *
     * @throws UncheckedIOException if the disk is full
     */
    void write(int partition, Rows rows) {
      int size = rows.size();
      long offset = end.getAndAdd((long) size * Rows.BYTES + padding(size));
      offsets[partition] = offset;
      sizes[partition] = size;
      long at = write(MemorySegment.ofArray(rows.persons()), offset);
      at = write(MemorySegment.ofArray(rows.times()), at);
      at = write(MemorySegment.ofArray(rows.numbers()), at);
      write(MemorySegment.ofArray(rows.parts()), at);
    }

    private long write(MemorySegment from, long at) {
      byte[] piece = new byte[(int) Math.min(PIECE, from.byteSize())];
      long done = 0;
      while (done < from.byteSize()) {
        int length = (int) Math.min(piece.length, from.byteSize() - done);
        MemorySegment.copy(from, done, MemorySegment.ofArray(piece), 0, length);
        try {
          for (ByteBuffer bytes = ByteBuffer.wrap(piece, 0, length); bytes.hasRemaining(); ) {
            done += channel.write(bytes, at + done);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return at + done;
    }

    /** What fills the rows of a partition up to a multiple of eight bytes. */
    private static int padding(int size) {
      return -(size * Rows.BYTES) & Long.BYTES - 1;
    }

    /** Ends; the channel may be closed then. */
    RowFile end() throws IOException {
      MemorySegment mapped =
          channel.map(MapMode.READ_ONLY, 0, Math.min(end.get(), channel.size()), Arena.ofAuto());
      return new RowFile(mapped, offsets, sizes);
    }
  }

  @Override
  public int size(int partition) {
    return sizes[partition];
  }

  @Override
  public Rows rows(int partition) {
    return rows(partition, 0, sizes[partition]);
  }

  private Rows rows(int partition, int from, int to) {
    int size = to - from;
    if (size == 0) {
      return Rows.NONE;
    }
    Rows rows = new Rows(new long[size], new long[size], new char[size], new int[size]);
    long at = offsets[partition];
    at = read(MemorySegment.ofArray(rows.persons()), at, from, sizes[partition], Long.BYTES);
    at = read(MemorySegment.ofArray(rows.times()), at, from, sizes[partition], Long.BYTES);
    at = read(MemorySegment.ofArray(rows.numbers()), at, from, sizes[partition], Integer.BYTES);
    read(MemorySegment.ofArray(rows.parts()), at, from, sizes[partition], Character.BYTES);
    return rows;
  }

  /**
   * Reads a column of a partition.
   *
   * @param at where its first value is
   * @param from the first value that is read
   * @param all how many there are
   * @return where it ends
   */
  private long read(MemorySegment into, long at, int from, int all, int width) {
    MemorySegment.copy(mapped, at + (long) width * from, into, 0, into.byteSize());
    return at + (long) width * all;
  }

  @Override
  public Rows rowsOf(long person) {
    int partition = Rows.partition(person);
    return rows(partition, first(partition, person), first(partition, person + 1));
  }

  /** The first row of a partition that is of a person or a later one. */
  private int first(int partition, long person) {
    int low = 0;
    int high = sizes[partition];
    while (low < high) {
      int middle = low + high >>> 1;
      if (mapped.get(ValueLayout.JAVA_LONG, offsets[partition] + 8L * middle) < person) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public long bytes() {
    return (long) Rows.PARTITIONS * (Long.BYTES + Integer.BYTES);
  }

  @Override
  public long diskBytes() {
    return mapped.byteSize();
  }
}
