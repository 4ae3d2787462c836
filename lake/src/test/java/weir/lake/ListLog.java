package weir.lake;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.PositionReleasedException;

/** An event log in a list; a frame's position is ten times its index. */
public final class ListLog implements EventLog {
  private static final int STRIDE = 10;

  private final int partition;
  private final List<byte[]> frames = new ArrayList<>();
  private int earliest;

  public ListLog() {
    this(0);
  }

  public ListLog(int partition) {
    this.partition = partition;
  }

  @Override
  public int partition() {
    return partition;
  }

  public Position add(CleanRecord record) {
    return append(List.of(new CleanRecordCodec().encode(record))).end();
  }

  void addAll(List<? extends CleanRecord> records) {
    CleanRecordCodec codec = new CleanRecordCodec();
    append(records.stream().map(codec::encode).toList());
  }

  @Override
  public synchronized Appended.Stored append(List<byte[]> batch) {
    Position first = durableEnd();
    frames.addAll(batch);
    notifyAll();
    return new Appended.Stored(first, durableEnd());
  }

  @Override
  public LogReader read(Position from) throws IOException {
    if (from.isBefore(earliest()) && !from.equals(Position.START)) {
      throw new PositionReleasedException(from, earliest());
    }
    return new Reader((int) Math.max(earliest, from.value() / STRIDE));
  }

  @Override
  public synchronized Position durableEnd() {
    return new Position((long) frames.size() * STRIDE);
  }

  @Override
  public long bytesBetween(Position from, Position to) {
    return Math.max(0, to.value() - from.value());
  }

  @Override
  public synchronized Position earliest() {
    return new Position((long) earliest * STRIDE);
  }

  @Override
  public synchronized void releaseBefore(Position position) {
    earliest = (int) Math.max(earliest, position.value() / STRIDE);
  }

  @Override
  public void close() {}

  private final class Reader implements LogReader {
    private int at;

    Reader(int at) {
      this.at = at;
    }

    @Override
    public @Nullable LogEntry next() throws IOException {
      synchronized (ListLog.this) {
        if (at < earliest) {
          throw new PositionReleasedException(position(), earliest());
        }
        if (at == frames.size()) {
          return null;
        }
        Position here = position();
        byte[] frame = frames.get(at++);
        return new LogEntry.Frame(partition, here, position(), frame);
      }
    }

    @Override
    public Position position() {
      return new Position((long) at * STRIDE);
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      synchronized (ListLog.this) {
        if (at == frames.size() && atMost.isPositive()) {
          ListLog.this.wait(Math.max(1, atMost.toMillis()));
        }
        return at < frames.size();
      }
    }

    @Override
    public void close() {}
  }
}
