package weir.log.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/**
 * Files in memory, on a disk whose faults a test commands: power cuts, failing syncs, no space.
 * Relative and absolute names of a file are the same to it only if they resolve to the same path.
 * Safe for use by several threads.
 */
public final class MemoryFiles implements Files, FileLocks, FreeSpace {
  private final MemoryTree tree = new MemoryTree();
  private final Set<Path> locked = new HashSet<>();
  private long capacity = Long.MAX_VALUE;
  private long operations;
  private long powerOffAfter = Long.MAX_VALUE;
  private LongPredicate failingSyncs = n -> false;
  private long syncs;

  /** Handles of an older one belong to processes that are gone. */
  private int generation;

  /**
   * Cuts the power and turns it on again. Synced bytes and directory entries remain; of the others
   * any part may. Handles and locks from before are dead.
   */
  public synchronized void crash(RandomGenerator random) {
    kill();
    powerOffAfter = Long.MAX_VALUE;
    tree.crash(random);
  }

  /** Ends all processes, as kill -9 does: handles and locks are gone, the page cache is not. */
  public synchronized void kill() {
    generation++;
    locked.clear();
  }

  /**
   * Turns the power off after so many further operations that change something: that one and all
   * later ones fail, until {@link #crash}.
   */
  public synchronized void powerOffAfter(long changes) {
    powerOffAfter = operations + changes;
  }

  /**
   * Chooses the syncs that fail, by their number from here on, which starts with 0. What such a
   * sync should have made durable stays visible, but no later sync makes it durable.
   */
  public synchronized void failSyncs(LongPredicate which) {
    syncs = 0;
    failingSyncs = which;
  }

  /** Sets how many bytes all files together may have; a write beyond it is done in part. */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /** How many bytes all files have together. */
  public synchronized long usedBytes() {
    return tree.usedBytes();
  }

  @Override
  public synchronized long usableBytes(Path directory) {
    return Math.max(0, capacity - tree.usedBytes());
  }

  @Override
  public synchronized FileHandle create(Path file) throws IOException {
    change();
    Path path = normal(file);
    if (tree.exists(path)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return new Handle(path, tree.create(path), generation);
  }

  @Override
  public synchronized FileHandle open(Path file) throws IOException {
    return new Handle(file, existing(file), generation);
  }

  @Override
  public synchronized List<String> list(Path directory) {
    return tree.list(normal(directory));
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    change();
    existing(from);
    tree.rename(normal(from), normal(to));
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    change();
    tree.delete(normal(file));
  }

  @Override
  public synchronized void sync(Path fileOrDirectory) throws IOException {
    Path path = normal(fileOrDirectory);
    if (tree.isDirectory(path)) {
      requireSync();
      tree.sync(path);
    } else {
      sync(existing(fileOrDirectory));
    }
  }

  @Override
  public synchronized Optional<Closeable> tryLock(Path file) {
    Path path = normal(file);
    if (!locked.add(path)) {
      return Optional.empty();
    }
    int holder = generation;
    AtomicBoolean held = new AtomicBoolean(true);
    return Optional.of(() -> {
      synchronized (this) {
        if (held.getAndSet(false) && holder == generation) {
          locked.remove(path);
        }
      }
    });
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private MemoryFile existing(Path file) throws NoSuchFileException {
    MemoryFile found = tree.file(normal(file));
    if (found == null) {
      throw new NoSuchFileException(file.toString());
    }
    return found;
  }

  private void change() throws IOException {
    operations++;
    if (operations > powerOffAfter) {
      throw new IOException("the power is off");
    }
  }

  private void requireSync() throws IOException {
    change();
    if (failingSyncs.test(syncs++)) {
      throw new IOException("the sync failed");
    }
  }

  private void sync(MemoryFile file) throws IOException {
    try {
      requireSync();
    } catch (IOException e) {
      file.failSync();
      throw e;
    }
    file.sync();
  }

  private final class Handle implements FileHandle {
    private final Path path;
    private final MemoryFile file;
    private final int opened;
    private boolean closed;

    Handle(Path path, MemoryFile file, int opened) {
      this.path = path;
      this.file = file;
      this.opened = opened;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      synchronized (MemoryFiles.this) {
        requireAlive();
        // The write during which the power goes off may have reached the disk in part.
        boolean last = operations == powerOffAfter;
        if (!last) {
          change();
        }
        long growth = Math.max(0, offset + bytes.remaining() - file.size());
        long room = capacity - tree.usedBytes();
        byte[] written =
            new byte[(int) Math.clamp(bytes.remaining() - (growth - room), 0, bytes.remaining())];
        bytes.get(written);
        if (written.length > 0) {
          file.write(offset, written);
        }
        if (last) {
          change();
        }
        if (bytes.hasRemaining()) {
          throw new IOException("No space left on device");
        }
      }
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      synchronized (MemoryFiles.this) {
        requireAlive();
        return file.read(into, offset);
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (MemoryFiles.this) {
        requireAlive();
        return file.size();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (MemoryFiles.this) {
        requireAlive();
        change();
        file.truncate(size);
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (MemoryFiles.this) {
        requireAlive();
        MemoryFiles.this.sync(file);
      }
    }

    @Override
    public void close() {
      synchronized (MemoryFiles.this) {
        closed = true;
      }
    }

    private void requireAlive() throws IOException {
      if (closed || opened != generation) {
        throw new IOException("the handle of " + path + " is closed");
      }
    }
  }
}
