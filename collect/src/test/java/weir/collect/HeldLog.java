package weir.collect;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogReader;
import weir.log.MemoryLog;

/** A log in memory whose appends wait for leave, are refused, or fail, as the test wants. */
final class HeldLog implements EventLog {
  final MemoryLog stored = new MemoryLog();
  final Semaphore leave = new Semaphore(0);
  private volatile boolean held;
  private volatile @Nullable IOException failure;
  private volatile @Nullable String full;

  void hold() {
    held = true;
  }

  void letGo() {
    held = false;
    leave.release(1_000_000);
  }

  void fail(@Nullable IOException with) {
    failure = with;
  }

  void full(@Nullable String why) {
    full = why;
  }

  @Override
  public Appended append(List<byte[]> batch) throws IOException {
    if (held) {
      leave.acquireUninterruptibly();
    }
    IOException broken = failure;
    if (broken != null) {
      throw broken;
    }
    String why = full;
    return why != null ? new Appended.Full(why) : stored.append(batch);
  }

  @Override
  public LogReader read(Position from) throws IOException {
    return stored.read(from);
  }

  @Override
  public Position durableEnd() {
    return stored.durableEnd();
  }

  @Override
  public long bytesBetween(Position from, Position to) {
    return stored.bytesBetween(from, to);
  }

  @Override
  public Position earliest() throws IOException {
    return stored.earliest();
  }

  @Override
  public void releaseBefore(Position position) throws IOException {
    stored.releaseBefore(position);
  }

  @Override
  public void close() throws IOException {
    stored.close();
  }
}
