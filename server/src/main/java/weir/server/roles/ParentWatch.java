package weir.server.roles;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a child with its parent. The parent holds the other end of standard input: a byte there asks
 * for an orderly stop; its end means that the parent is gone, however it went.
 */
final class ParentWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

  /** How long an orphan has to stop by itself. */
  static final Duration ORPHAN_GRACE = Duration.ofMillis(900);

  private ParentWatch() {}

  /**
   * Watches from now on.
   *
   * @param stop run when the parent asks; should end the process
   * @param hurry run before that when the parent is gone, or goes while this stops
   */
  static void start(InputStream parent, Runnable stop, Runnable hurry) {
    Thread.ofPlatform().name("parent-watch").daemon().start(() -> watch(parent, stop, hurry));
  }

  private static void watch(InputStream parent, Runnable stop, Runnable hurry) {
    if (readByte(parent) >= 0) {
      Thread.ofPlatform().name("parent-watch-end").daemon().start(() -> haltAtEnd(parent, hurry));
      stop.run();
    } else {
      Thread.ofPlatform().name("orphan-halt").daemon().start(ParentWatch::haltAfterGrace);
      LOG.warn("the parent process is gone: stopping");
      hurry.run();
      stop.run();
    }
  }

  private static void haltAtEnd(InputStream parent, Runnable hurry) {
    while (readByte(parent) >= 0) {
      continue;
    }
    hurry.run();
    haltAfterGrace();
  }

  private static void haltAfterGrace() {
    try {
      Thread.sleep(ORPHAN_GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static int readByte(InputStream parent) {
    try {
      return parent.read();
    } catch (IOException e) {
      return -1;
    }
  }
}
