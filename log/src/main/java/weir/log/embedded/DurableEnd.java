package weir.log.embedded;

import java.io.IOException;
import java.time.Duration;

/** What a reader may read up to. Never moves back; safe for use by several threads. */
interface DurableEnd {
  Extent now() throws IOException;

  /** Waits until the end lies after a position, at most so long, and says whether it does. */
  boolean awaitPast(long position, Duration atMost) throws InterruptedException, IOException;
}
