package weir.tools.importing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts how often each row came before: a hash table with linear probing in a temporary file that
 * is mapped into memory. A slot is 16 bytes, a row's fingerprint and its count; at most two of
 * three slots are used, so a different row costs 24 to 48 bytes of disk, and no heap: what memory
 * the mapping takes the operating system may take back.
 *
 * <p>Fingerprints are 64 bits of a cryptographic hash. Should two rows of a file ever share one,
 * the counts go on being different for equal rows, and the same whenever the file is read again.
 */
final class OccurrenceCounter implements AutoCloseable {
  private static final long SLOT = 16;
  private static final long FIRST_SLOTS = 1 << 16;
  private static final int ZEROS = 1 << 20;

  private final Path folder;
  private Table table;

  private static final class Table {
    private final Path file;
    private final Arena arena;
    private final MemorySegment slots;
    private final long mask;
    private long used;

    Table(Path folder, long count) throws IOException {
      this.file = Files.createTempFile(folder, "weir-import-", ".rows");
      this.arena = Arena.ofShared();
      this.mask = count - 1;
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        fill(channel, count * SLOT);
        this.slots = channel.map(FileChannel.MapMode.READ_WRITE, 0, count * SLOT, arena);
      } catch (IOException e) {
        close();
        throw new IOException("no space for counting rows in " + folder + ": " + e.getMessage(), e);
      }
    }

    /** With real zeros: a hole that finds no space when it is written to would end the process. */
    private static void fill(FileChannel channel, long bytes) throws IOException {
      ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, ZEROS));
      for (long at = 0; at < bytes; at += zeros.capacity()) {
        zeros.clear();
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
      }
    }

    long slot(long key) {
      long slot = (key * 0x9E3779B97F4A7C15L >>> 16) & mask;
      while (true) {
        long found = slots.get(ValueLayout.JAVA_LONG, slot * SLOT);
        if (found == key || found == 0) {
          return slot;
        }
        slot = (slot + 1) & mask;
      }
    }

    long add(long key, long more) {
      long slot = slot(key);
      if (slots.get(ValueLayout.JAVA_LONG, slot * SLOT) == 0) {
        slots.set(ValueLayout.JAVA_LONG, slot * SLOT, key);
        used++;
      }
      long before = slots.get(ValueLayout.JAVA_LONG, slot * SLOT + 8);
      slots.set(ValueLayout.JAVA_LONG, slot * SLOT + 8, before + more);
      return before;
    }

    boolean isFull() {
      return used * 3 > (mask + 1) * 2;
    }

    void copyTo(Table other) {
      for (long slot = 0; slot <= mask; slot++) {
        long key = slots.get(ValueLayout.JAVA_LONG, slot * SLOT);
        if (key != 0) {
          other.add(key, slots.get(ValueLayout.JAVA_LONG, slot * SLOT + 8));
        }
      }
    }

    final void close() {
      arena.close();
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * @param folder for its file, which is deleted when it is closed
   */
  OccurrenceCounter(Path folder) throws IOException {
    this.folder = folder;
    this.table = new Table(folder, FIRST_SLOTS);
  }

  /** How often this fingerprint was given before. */
  long before(long fingerprint) throws IOException {
    if (table.isFull()) {
      Table larger = new Table(folder, (table.mask + 1) * 2);
      table.copyTo(larger);
      table.close();
      table = larger;
    }
    return table.add(fingerprint == 0 ? 1 : fingerprint, 1);
  }

  @Override
  public void close() {
    table.close();
  }
}
