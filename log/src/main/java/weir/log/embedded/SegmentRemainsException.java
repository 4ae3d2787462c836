package weir.log.embedded;

import java.io.IOException;
import weir.event.Position;

/** A segment that was begun in vain could not be deleted durably either. */
final class SegmentRemainsException extends IOException {
  SegmentRemainsException(long base, Throwable cause) {
    super("the begun segment " + new Position(base) + " remains", cause);
  }
}
