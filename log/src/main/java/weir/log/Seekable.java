package weir.log;

import java.io.IOException;
import java.time.Instant;
import weir.event.Position;

/** A further ability of an {@link EventLog}: finding its way by time and by size. */
public interface Seekable {
  /**
   * A position to begin at in order to meet every frame that was appended at an instant or later.
   * Earlier frames may be met too, since the index is sparse; never fewer. The earliest position if
   * nothing older is held, the durable end at most.
   */
  Position positionAt(Instant instant) throws IOException;

  /** A position so many bytes before the durable end, not necessarily where a frame begins. */
  Position positionBefore(long bytes);
}
