package weir.server.live;

import java.io.IOException;
import java.util.List;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogReader;

/** A log whose readers wait before they are there. */
record SlowLog(EventLog inner, Wait before) implements EventLog {
  interface Wait {
    void until() throws InterruptedException;
  }

  @Override
  public LogReader read(Position from) throws IOException {
    try {
      before.until();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return inner.read(from);
  }

  @Override
  public Appended append(List<byte[]> batch) throws IOException {
    return inner.append(batch);
  }

  @Override
  public Position durableEnd() {
    return inner.durableEnd();
  }

  @Override
  public long bytesBetween(Position from, Position to) {
    return inner.bytesBetween(from, to);
  }

  @Override
  public Position earliest() throws IOException {
    return inner.earliest();
  }

  @Override
  public void releaseBefore(Position position) throws IOException {
    inner.releaseBefore(position);
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
