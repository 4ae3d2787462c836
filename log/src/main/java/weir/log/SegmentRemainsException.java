package weir.log;

import java.io.IOException;

/** A segment that was begun in vain could not be deleted durably either. */
final class SegmentRemainsException extends IOException {
  SegmentRemainsException(long base, Throwable cause) {
    super("the begun segment " + new Position(base) + " remains", cause);
  }
}
