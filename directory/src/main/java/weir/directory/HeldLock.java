package weir.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An operating system's lock on a file, held until closed or until this process ends, however it
 * ends. The file names the holder's process id, if the disk has room for it.
 */
public final class HeldLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeldLock.class);
  private static final Duration ASK_AGAIN = Duration.ofMillis(20);

  private final FileChannel channel;

  private HeldLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, or answers empty if somebody else holds it. */
  public static Optional<HeldLock> tryAcquire(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean held = false;
    try {
      held = tryLock(channel) != null;
      if (!held) {
        return Optional.empty();
      }
      name(channel);
      return Optional.of(new HeldLock(channel));
    } finally {
      if (!held) {
        channel.close();
      }
    }
  }

  /** The name is for people: a disk that has no room for it takes no lock from anyone. */
  private static void name(FileChannel channel) {
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      channel.write(ByteBuffer.wrap(pid), 0);
      channel.truncate(pid.length);
    } catch (IOException e) {
      LOG.debug("a lock does not name its holder", e);
    }
  }

  /**
   * Takes the lock, waiting for its holder to end.
   *
   * @param waiting told once, with the holder's process id, if there is something to wait for
   * @throws LockedException if it is still held after so long
   */
  public static HeldLock acquire(Path file, Duration atMost, Consumer<String> waiting)
      throws IOException, InterruptedException {
    Optional<HeldLock> held = tryAcquire(file);
    if (held.isPresent()) {
      return held.get();
    }
    waiting.accept(holder(file));
    for (Duration waited = Duration.ZERO;
        waited.compareTo(atMost) < 0;
        waited = waited.plus(ASK_AGAIN)) {
      Thread.sleep(ASK_AGAIN);
      held = tryAcquire(file);
      if (held.isPresent()) {
        return held.get();
      }
    }
    throw new LockedException(file, holder(file));
  }

  /** The process id that the file names, or "unknown". */
  public static String holder(Path file) {
    try {
      String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return pid.isEmpty() ? "unknown" : pid;
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Somebody else holds the lock. */
  public static final class LockedException extends IOException {
    private static final long serialVersionUID = 1L;

    LockedException(Path file, String pid) {
      super(file + " is held by process " + pid);
    }
  }
}
