package weir.process;

import java.util.List;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogReader;

/** A log whose readers run out of memory. */
final class ThrowingLog implements EventLog {
  @Override
  public Appended append(List<byte[]> batch) {
    throw new UnsupportedOperationException("read only");
  }

  @Override
  public LogReader read(Position from) {
    throw new OutOfMemoryError("thrown by the test");
  }

  @Override
  public Position durableEnd() {
    return Position.START;
  }

  @Override
  public long bytesBetween(Position from, Position to) {
    return 0;
  }

  @Override
  public Position earliest() {
    return Position.START;
  }

  @Override
  public void releaseBefore(Position position) {}

  @Override
  public void close() {}
}
