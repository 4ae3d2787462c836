package weir.lake.sidecar;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;
import weir.lake.LakeFile;

/**
 * Who did what when in one Parquet file of events, in a small file beside it: for each event name
 * the rows' actors and times, in the order of the rows, and which property columns they have. It
 * holds nothing that the Parquet file does not say too, but is read in a fraction of the time.
 * Never changes.
 *
 * <p>What is damaged, or was made for another file, is refused: checksums cover all of it. The
 * format is described in docs/formats/sidecar.md.
 */
public final class Sidecar {
  /** An expression for what an actor is known by: 63 bits, or -1 where nobody is known. */
  public static final String ACTOR =
      "CASE WHEN actor IS NULL THEN -1 ELSE CAST(hash(actor) >> 1 AS BIGINT) END";

  /**
   * An expression that has the same value wherever {@link #ACTOR} has the same for the same actor.
   */
  public static final String HASH_CHECK =
      "CAST(xor(hash('weir'), hash('a text of more than twelve bytes')) >> 1 AS BIGINT)";

  static final int MOST_BITS = 56;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final String SUFFIX = ".kept";

  private final Path path;
  private final SidecarHeader header;

  private Sidecar(Path path, SidecarHeader header) {
    this.path = path;
    this.header = header;
  }

  /**
   * The rows of one event name, which lie together.
   *
   * @param first the number of the first in the file
   * @param from the earliest of their times, in microseconds since 1970
   * @param to the latest
   */
  public record Events(String event, int first, int rows, long from, long to) {}

  /** Says that a file is not what it should be. */
  public static sealed class DamagedException extends IOException permits OtherVersionException {
    private static final long serialVersionUID = 1L;

    DamagedException(Path path, String why) {
      super(path + " " + why);
    }
  }

  /** Says that a file was made by another version of Weir, or is no sidecar. */
  public static final class OtherVersionException extends DamagedException {
    private static final long serialVersionUID = 1L;

    OtherVersionException(Path path) {
      super(path, "is of another version, or no sidecar");
    }
  }

  /** Where the sidecar of a Parquet file is, if there is one. */
  public static Path of(Path parquet) {
    return parquet.resolveSibling(parquet.getFileName() + SUFFIX);
  }

  /**
   * The name of the Parquet file that a sidecar's name belongs to; other names stay as they are.
   */
  public static String parquetOf(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  /**
   * Opens the sidecar of a file and reads what it has.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws DamagedException if it is not whole, or not this file's
   */
  public static Sidecar open(LakeFile file) throws IOException {
    Path path = of(file.path());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SidecarHeader header = SidecarHeader.read(path, channel);
      if (header.rows() != file.rows()
          || header.parquetBytes() != file.bytes()
          || !header.parquet().equals(String.valueOf(file.path().getFileName()))) {
        throw new DamagedException(path, "was made for another file");
      }
      return new Sidecar(path, header);
    }
  }

  /** What {@link #HASH_CHECK} was where this was made. */
  public long hashCheck() {
    return header.hashCheck();
  }

  /** The newest time at which an event was received, in microseconds since 1970. */
  public OptionalLong newest() {
    return header.newest() == SidecarHeader.NEVER
        ? OptionalLong.empty()
        : OptionalLong.of(header.newest());
  }

  /** The rows by event, in their order. Rows without an event are in none. */
  public List<Events> events() {
    return header.blocks().stream().map(SidecarHeader.Block::events).toList();
  }

  /** Field ids of the property columns in which rows of an event have values, by event. */
  public Map<String, BitSet> columns() {
    Map<String, BitSet> columns = new HashMap<>();
    for (SidecarHeader.Block block : header.blocks()) {
      BitSet ids = new BitSet();
      block.columns().stream().forEach(place -> ids.set(header.columns().get(place)));
      columns.put(block.events().event(), ids);
    }
    return columns;
  }

  /**
   * Reads rows.
   *
   * @param wanted some of {@link #events}
   * @throws DamagedException if what was read is damaged
   */
  public Content read(Collection<Events> wanted) throws IOException {
    Set<Events> distinct = Set.copyOf(wanted);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      byte[] actors = section(channel, header.actorSection());
      long[] numbers = new long[header.actors()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (long) LONG.get(actors, Long.BYTES * i);
      }
      List<Block> blocks = new ArrayList<>();
      for (SidecarHeader.Block block : header.blocks()) {
        if (distinct.contains(block.events())) {
          blocks.add(new Block(block, section(channel, block.section())));
        }
      }
      return new Content(numbers, blocks);
    }
  }

  /**
   * Reads all of it.
   *
   * @throws DamagedException if any of it is damaged
   */
  public void verify() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      section(channel, header.actorSection());
      for (SidecarHeader.Block block : header.blocks()) {
        section(channel, block.section());
      }
    }
  }

  private byte[] section(FileChannel channel, SidecarHeader.Section section) throws IOException {
    byte[] bytes = new byte[section.length() + Long.BYTES]; // so that words can be read at the end
    ByteBuffer into = ByteBuffer.wrap(bytes, 0, section.length());
    readFully(path, channel, into, section.offset());
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, section.length());
    if ((int) checksum.getValue() != section.checksum()) {
      throw new DamagedException(path, "is damaged from byte " + section.offset() + " on");
    }
    return bytes;
  }

  static void readFully(Path path, FileChannel channel, ByteBuffer into, long offset)
      throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int read = channel.read(into, at);
      if (read < 0) {
        throw new DamagedException(path, "ends too early");
      }
      at += read;
    }
  }

  /**
   * What was read.
   *
   * @param actors what {@link #ACTOR} says of each actor in the file, in ascending order
   * @param blocks the rows of each event that was asked for, in the order of the file
   */
  public record Content(long[] actors, List<Block> blocks) {}

  /** The rows of an event: runs of rows of one actor. */
  public static final class Block {
    private final SidecarHeader.Block said;
    private final byte[] bytes;

    private Block(SidecarHeader.Block said, byte[] bytes) {
      this.said = said;
      this.bytes = bytes;
    }

    public Events events() {
      return said.events();
    }

    /** How many runs there are. An actor may have more than one. */
    public int runs() {
      return said.runs();
    }

    /**
     * Reads the runs.
     *
     * @param actors takes the place of each run's actor among all actors
     * @param lengths takes how many rows each run has
     */
    public void readRuns(int[] actors, int[] lengths) {
      unpack(0, said.actorBits(), actors, 0);
      unpack(said.lengthsAt(), said.lengthBits(), lengths, 1);
    }

    private void unpack(int at, int bits, int[] into, int plus) {
      long mask = (1L << bits) - 1;
      long bit = (long) at * Byte.SIZE;
      for (int i = 0, count = said.runs(); i < count; i++, bit += bits) {
        into[i] = plus + (int) (word(bit) & mask);
      }
    }

    private long word(long bit) {
      return (long) LONG.get(bytes, (int) (bit >>> 3)) >>> (bit & 7);
    }

    /** Reads the times of the rows, in microseconds since 1970. */
    public void readTimes(long[] times) {
      int bits = said.timeBits();
      long mask = (1L << bits) - 1;
      long first = said.events().from();
      long unit = said.unit();
      long bit = (long) said.timesAt() * Byte.SIZE;
      for (int i = 0, count = said.events().rows(); i < count; i++, bit += bits) {
        times[i] = first + unit * (word(bit) & mask);
      }
    }
  }
}
