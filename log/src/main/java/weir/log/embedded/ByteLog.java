package weir.log.embedded;

import weir.event.Position;
import weir.log.EventLog;
import weir.log.Seekable;

/** A log whose positions count bytes. */
interface ByteLog extends EventLog, Seekable {
  @Override
  default long bytesBetween(Position from, Position to) {
    return Math.max(0, to.value() - from.value());
  }

  @Override
  default Position positionBefore(long bytes) {
    return new Position(Math.max(0, durableEnd().value() - bytes));
  }
}
