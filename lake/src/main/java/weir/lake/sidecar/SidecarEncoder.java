package weir.lake.sidecar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import weir.lake.LakeFile;
import weir.log.files.FileHandle;

/**
 * Makes a sidecar of the rows of a file, in their order.
 *
 * <p>Until it is written, it takes 12 bytes for each run of rows of one actor, the times as in the
 * file, and 8 bytes more for each row of one event.
 */
final class SidecarEncoder {
  private static final int MOST_LENGTH_BITS = 20;

  private final LakeFile file;
  private final long hashCheck;
  private final List<Gathered> events = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Set<Integer>> columns = new HashMap<>();
  private long[] actors = new long[256];
  private int[] lengths = new int[256];
  private int runs;
  private long[] times = new long[256];
  private int rows;
  private String event = "";
  private int first;
  private long newest = SidecarHeader.NEVER;

  SidecarEncoder(LakeFile file, long hashCheck) {
    this.file = file;
    this.hashCheck = hashCheck;
  }

  /** The rows of an event, with times packed already. */
  private record Gathered(
      Sidecar.Events events, long[] actors, int[] lengths, long unit, int timeBits, byte[] times) {}

  /** Ends what was begun, and begins the rows of an event, from a row on. */
  void begin(String name, int row) throws IOException {
    end();
    if (!names.add(name)) {
      throw new SidecarMaker.UnfitException("rows of " + name + " lie in more than one place");
    }
    event = name;
    first = row;
  }

  /** Takes a row of the event that was begun. */
  void add(long actor, long time) {
    if (runs == 0 || actors[runs - 1] != actor) {
      if (runs == actors.length) {
        actors = Arrays.copyOf(actors, 2 * runs);
        lengths = Arrays.copyOf(lengths, 2 * runs);
      }
      actors[runs] = actor;
      lengths[runs++] = 0;
    }
    lengths[runs - 1]++;
    if (rows == times.length) {
      times = Arrays.copyOf(times, 2 * rows);
    }
    times[rows++] = time;
  }

  void received(long time) {
    newest = Math.max(newest, time);
  }

  /** Takes the field ids of the property columns in which rows of an event have values. */
  void columns(String name, Set<Integer> fieldIds) {
    columns.put(name, Set.copyOf(fieldIds));
  }

  /** Ends the rows of an event, if any were begun. */
  void end() throws IOException {
    if (rows == 0) {
      return;
    }
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      from = Math.min(from, times[i]);
      to = Math.max(to, times[i]);
    }
    long unit = unit(from);
    int bits = to < from || to - from < 0 ? Long.SIZE : BitWriter.bits((to - from) / unit);
    if (bits > Sidecar.MOST_BITS) {
      throw new SidecarMaker.UnfitException("times of " + event + " lie too far apart");
    }
    BitWriter packed = new BitWriter();
    for (int i = 0; i < rows; i++) {
      packed.add((times[i] - from) / unit, bits);
    }
    events.add(
        new Gathered(
            new Sidecar.Events(event, first, rows, from, to),
            Arrays.copyOf(actors, runs),
            Arrays.copyOf(lengths, runs),
            unit,
            bits,
            packed.bytes()));
    runs = 0;
    rows = 0;
  }

  /** What all times are a multiple of, counted from the earliest. */
  private long unit(long from) {
    long unit = 0;
    for (int i = 0; i < rows && unit != 1; i++) {
      long a = unit;
      for (long b = times[i] - from; b != 0; ) {
        long rest = a % b;
        a = b;
        b = rest;
      }
      unit = a;
    }
    return Math.max(1, unit);
  }

  /** Writes all that was taken to an empty file. Nothing can be added any more. */
  void write(FileHandle into) throws IOException {
    end();
    long[] known = distinctActors();
    byte[] actorBytes = new byte[Math.multiplyExact(known.length, Long.BYTES)];
    ByteBuffer.wrap(actorBytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(known);
    String parquet = String.valueOf(file.path().getFileName());
    List<Integer> ids = columns.values().stream().flatMap(Set::stream).distinct().sorted().toList();
    List<String> inOrder = events.stream().map(each -> each.events().event()).toList();
    long at = SidecarHeader.length(parquet, ids.size(), inOrder);
    SidecarHeader.Section actorSection = written(into, at, actorBytes);
    at = actorSection.end();
    List<SidecarHeader.Block> blocks = new ArrayList<>();
    for (Gathered gathered : events) {
      blocks.add(block(into, at, gathered, known, places(gathered.events().event(), ids)));
      at = blocks.getLast().section().end();
    }
    SidecarHeader header =
        new SidecarHeader(
            hashCheck,
            parquet,
            file.bytes(),
            file.rows(),
            newest,
            ids,
            known.length,
            actorSection,
            blocks);
    into.write(ByteBuffer.wrap(header.bytes()), 0);
  }

  private BitSet places(String name, List<Integer> ids) {
    BitSet places = new BitSet();
    for (int id : columns.getOrDefault(name, Set.of())) {
      places.set(Collections.binarySearch(ids, id));
    }
    return places;
  }

  private long[] distinctActors() {
    int count = 0;
    for (Gathered gathered : events) {
      count += gathered.actors().length;
    }
    long[] all = new long[count];
    int at = 0;
    for (Gathered gathered : events) {
      System.arraycopy(gathered.actors(), 0, all, at, gathered.actors().length);
      at += gathered.actors().length;
    }
    Arrays.sort(all);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[distinct++] = all[i];
      }
    }
    return Arrays.copyOf(all, distinct);
  }

  private static SidecarHeader.Block block(
      FileHandle into, long at, Gathered gathered, long[] known, BitSet columns)
      throws IOException {
    int actorBits = BitWriter.bits(known.length - 1L);
    int lengthBits = lengthBits(gathered.lengths(), actorBits);
    int most = 1 << lengthBits;
    BitWriter actors = new BitWriter();
    BitWriter lengths = new BitWriter();
    int runs = 0;
    for (int i = 0; i < gathered.actors().length; i++) {
      int place = Arrays.binarySearch(known, gathered.actors()[i]);
      for (int left = gathered.lengths()[i]; left > 0; left -= most) {
        actors.add(place, actorBits);
        lengths.add(Math.min(left, most) - 1L, lengthBits);
        runs++;
      }
    }
    byte[] bytes = joined(actors.bytes(), lengths.bytes(), gathered.times());
    return new SidecarHeader.Block(
        gathered.events(),
        columns,
        runs,
        gathered.unit(),
        actorBits,
        lengthBits,
        gathered.timeBits(),
        written(into, at, bytes));
  }

  /** With which width the runs take least, if those that are longer are cut. */
  private static int lengthBits(int[] lengths, int actorBits) {
    long[] longer = new long[MOST_LENGTH_BITS + 1];
    for (int bits = 0; bits <= MOST_LENGTH_BITS; bits++) {
      for (int length : lengths) {
        longer[bits] += (length - 1 >> bits) + 1;
      }
    }
    int best = 0;
    for (int bits = 1; bits <= MOST_LENGTH_BITS; bits++) {
      if (longer[bits] * (actorBits + bits) < longer[best] * (actorBits + best)) {
        best = bits;
      }
    }
    return best;
  }

  private static byte[] joined(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length = Math.addExact(length, part.length);
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  private static SidecarHeader.Section written(FileHandle into, long at, byte[] bytes)
      throws IOException {
    into.write(ByteBuffer.wrap(bytes), at);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length);
    return new SidecarHeader.Section(at, bytes.length, (int) checksum.getValue());
  }
}
