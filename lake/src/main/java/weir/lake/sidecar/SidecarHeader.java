package weir.lake.sidecar;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a sidecar says of itself.
 *
 * @param parquet the name of the file that it was made for
 * @param parquetBytes its length
 * @param rows how many rows it has
 * @param newest the newest time at which an event was received, or {@link #NEVER}
 * @param columns field ids of the property columns that have values, ascending
 * @param actors how many there are
 * @param blocks in the order of the rows
 */
record SidecarHeader(
    long hashCheck,
    String parquet,
    long parquetBytes,
    long rows,
    long newest,
    List<Integer> columns,
    int actors,
    Section actorSection,
    List<Block> blocks) {
  /** Stands for the newest time where there is none. */
  static final long NEVER = Long.MIN_VALUE;

  static final int VERSION = 2;

  private static final long MAGIC =
      ByteBuffer.wrap("WEIRKEPT".getBytes(StandardCharsets.US_ASCII))
          .order(ByteOrder.LITTLE_ENDIAN)
          .getLong();
  private static final int START = 16;
  private static final int MOST_BYTES = 64 << 20;
  private static final int CHECKSUM = Integer.BYTES;
  private static final int FIRST_READ = 4096;

  SidecarHeader {
    columns = List.copyOf(columns);
    blocks = List.copyOf(blocks);
  }

  /** A stretch of the file. */
  record Section(long offset, int length, int checksum) {
    static final int BYTES = Long.BYTES + 2 * Integer.BYTES;

    long end() {
      return offset + length;
    }

    private void write(ByteBuffer into) {
      into.putLong(offset).putInt(length).putInt(checksum);
    }

    private static Section read(ByteBuffer from) {
      return new Section(from.getLong(), from.getInt(), from.getInt());
    }
  }

  /**
   * The rows of an event.
   *
   * @param columns places among the columns of those in which one of these rows has a value
   * @param unit what times are multiples of, from the first on
   */
  record Block(
      Sidecar.Events events,
      BitSet columns,
      int runs,
      long unit,
      int actorBits,
      int lengthBits,
      int timeBits,
      Section section) {
    private static final int BYTES = 4 * Integer.BYTES + 3 * Long.BYTES + Section.BYTES;

    /** Where the lengths of the runs begin in the section. */
    int lengthsAt() {
      return bytes(runs, actorBits);
    }

    /** Where the times begin in the section. */
    int timesAt() {
      return lengthsAt() + bytes(runs, lengthBits);
    }

    private int end() {
      return timesAt() + bytes(events.rows(), timeBits);
    }

    private static int bytes(int count, int bits) {
      return Math.toIntExact(((long) count * bits + Byte.SIZE - 1) / Byte.SIZE);
    }

    private void write(ByteBuffer into, int allColumns) {
      putText(into, events.event());
      into.putInt(events.first()).putInt(events.rows());
      into.putLong(events.from()).putLong(events.to());
      into.putInt(runs).putLong(unit);
      into.put((byte) actorBits).put((byte) lengthBits).put((byte) timeBits).put((byte) 0);
      section.write(into);
      into.put(Arrays.copyOf(columns.toByteArray(), bytes(allColumns, 1)));
    }

    private static Block read(ByteBuffer from, int allColumns) {
      String event = text(from);
      Sidecar.Events events =
          new Sidecar.Events(event, from.getInt(), from.getInt(), from.getLong(), from.getLong());
      int runs = from.getInt();
      long unit = from.getLong();
      int actorBits = from.get();
      int lengthBits = from.get();
      int timeBits = from.get();
      from.get();
      Section section = Section.read(from);
      byte[] columns = new byte[bytes(allColumns, 1)];
      from.get(columns);
      BitSet present = BitSet.valueOf(columns);
      return new Block(events, present, runs, unit, actorBits, lengthBits, timeBits, section);
    }

    private boolean isSound(long rows, int allColumns) {
      return events.first() >= 0
          && columns.length() <= allColumns
          && events.rows() > 0
          && (long) events.first() + events.rows() <= rows
          && runs > 0
          && runs <= events.rows()
          && isWidth(actorBits)
          && isWidth(lengthBits)
          && isWidth(timeBits)
          && section.length() == end();
    }

    private static boolean isWidth(int bits) {
      return bits >= 0 && bits <= Sidecar.MOST_BITS;
    }
  }

  /** How many bytes one takes in a file. */
  static int length(String parquet, int columns, List<String> events) {
    int length = START + 4 * Long.BYTES + textLength(parquet) + 3 * Integer.BYTES + Section.BYTES;
    length += columns * Integer.BYTES;
    for (String event : events) {
      length += textLength(event) + Block.BYTES + Block.bytes(columns, 1);
    }
    return length + CHECKSUM;
  }

  byte[] bytes() {
    List<String> events = blocks.stream().map(block -> block.events().event()).toList();
    int length = length(parquet, columns.size(), events);
    ByteBuffer into = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    into.putLong(MAGIC).putInt(VERSION).putInt(length);
    into.putLong(hashCheck).putLong(parquetBytes).putLong(rows).putLong(newest);
    putText(into, parquet);
    into.putInt(columns.size());
    columns.forEach(into::putInt);
    into.putInt(actors);
    actorSection.write(into);
    into.putInt(blocks.size());
    blocks.forEach(block -> block.write(into, columns.size()));
    into.putInt(checksum(into.array(), length - CHECKSUM));
    return into.array();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  private static int textLength(String text) {
    return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void putText(ByteBuffer into, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    into.putInt(bytes.length).put(bytes);
  }

  private static String text(ByteBuffer from) {
    byte[] bytes = new byte[Math.min(from.getInt(), from.remaining())];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Reads the header of a file that is as long as the header says.
   *
   * @throws Sidecar.DamagedException if it is damaged, or of another version
   */
  static SidecarHeader read(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer first = ByteBuffer.allocate((int) Math.min(size, FIRST_READ));
    Sidecar.readFully(path, channel, first, 0);
    first.flip().order(ByteOrder.LITTLE_ENDIAN);
    if (size < START || first.getLong() != MAGIC || first.getInt() != VERSION) {
      throw new Sidecar.OtherVersionException(path);
    }
    int length = first.getInt();
    if (length < START + CHECKSUM || length > Math.min(size, MOST_BYTES)) {
      throw new Sidecar.DamagedException(path, "has no whole header");
    }
    ByteBuffer all = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    all.put(first.array(), 0, Math.min(length, first.limit()));
    Sidecar.readFully(path, channel, all, all.position());
    if (all.getInt(length - CHECKSUM) != checksum(all.array(), length - CHECKSUM)) {
      throw new Sidecar.DamagedException(path, "has a damaged header");
    }
    try {
      SidecarHeader header = parse(all.position(START).limit(length - CHECKSUM));
      if (header.isSound() && header.end(length) == size) {
        return header;
      }
    } catch (BufferUnderflowException | NegativeArraySizeException | ArithmeticException e) {
      // what no sidecar says
    }
    throw new Sidecar.DamagedException(path, "does not have the parts that its header names");
  }

  private static SidecarHeader parse(ByteBuffer from) {
    long check = from.getLong();
    long parquetBytes = from.getLong();
    long rows = from.getLong();
    long newest = from.getLong();
    String parquet = text(from);
    List<Integer> columns = new ArrayList<>();
    for (int count = from.getInt(); count > 0; count--) {
      columns.add(from.getInt());
    }
    int actors = from.getInt();
    Section actorSection = Section.read(from);
    List<Block> blocks = new ArrayList<>();
    for (int count = from.getInt(); count > 0; count--) {
      blocks.add(Block.read(from, columns.size()));
    }
    return new SidecarHeader(
        check, parquet, parquetBytes, rows, newest, columns, actors, actorSection, blocks);
  }

  private boolean isSound() {
    return actors >= 0
        && actorSection.length() == (long) actors * Long.BYTES
        && blocks.stream().allMatch(block -> block.isSound(rows, columns.size()));
  }

  private long end(int length) {
    long end = length;
    if (actorSection.offset() != end) {
      return -1;
    }
    end = actorSection.end();
    for (Block block : blocks) {
      if (block.section().offset() != end) {
        return -1;
      }
      end = block.section().end();
    }
    return end;
  }
}
