package weir.log;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.event.Position;

/** An event log that lives in memory and ends with its process. Positions count bytes. */
public final class MemoryLog implements EventLog {
  private final int partition;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final TreeMap<Long, byte[]> frames = new TreeMap<>();
  private long end;
  private long earliest;
  private boolean closed;

  /** A log without a bound. */
  public MemoryLog() {
    this(Long.MAX_VALUE);
  }

  /** A log that answers Full rather than hold more than so many bytes of payload. */
  public MemoryLog(long maxBytes) {
    this(0, maxBytes);
  }

  private MemoryLog(int partition, long maxBytes) {
    this.partition = partition;
    this.maxBytes = maxBytes;
  }

  /** One of a log's partitions, without a bound. */
  public static MemoryLog ofPartition(int partition) {
    return new MemoryLog(partition, Long.MAX_VALUE);
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public Appended append(List<byte[]> batch) {
    long bytes = 0;
    for (byte[] frame : batch) {
      if (frame.length == 0) {
        throw new IllegalArgumentException("an empty frame");
      }
      bytes += frame.length;
    }
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the log is closed");
      }
      if (end - earliest + bytes > maxBytes) {
        return new Appended.Full("the log has reached " + maxBytes + " bytes");
      }
      Position first = new Position(end);
      for (byte[] frame : batch) {
        frames.put(end, frame.clone());
        end += frame.length;
      }
      moved.signalAll();
      return new Appended.Stored(first, new Position(end));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public LogReader read(Position from) throws IOException {
    lock.lock();
    try {
      if (!from.equals(Position.START)) {
        requireHeld(from);
      }
      return new Reader(new Position(Math.max(earliest, from.value())));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Position durableEnd() {
    lock.lock();
    try {
      return new Position(end);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long bytesBetween(Position from, Position to) {
    return Math.max(0, to.value() - from.value());
  }

  @Override
  public Position earliest() {
    lock.lock();
    try {
      return new Position(earliest);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void releaseBefore(Position position) {
    lock.lock();
    try {
      frames.headMap(position.value()).clear();
      earliest = frames.isEmpty() ? end : frames.firstKey();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private void requireHeld(Position position) throws PositionReleasedException {
    if (position.value() < earliest) {
      throw new PositionReleasedException(position, new Position(earliest));
    }
  }

  private final class Reader implements LogReader {
    private Position position;
    private boolean done;

    Reader(Position position) {
      this.position = position;
    }

    @Override
    public @Nullable LogEntry next() throws IOException {
      lock.lock();
      try {
        if (done) {
          throw new IllegalStateException("the reader is closed");
        }
        requireHeld(position);
        Map.Entry<Long, byte[]> frame = frames.ceilingEntry(position.value());
        if (frame == null) {
          return null;
        }
        Position at = new Position(frame.getKey());
        position = new Position(frame.getKey() + frame.getValue().length);
        return new LogEntry.Frame(partition, at, position, frame.getValue().clone());
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Position position() {
      return position;
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      long left = atMost.toNanos();
      lock.lockInterruptibly();
      try {
        while (end <= position.value() && left > 0) {
          left = moved.awaitNanos(left);
        }
        return end > position.value();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      done = true;
    }
  }
}
