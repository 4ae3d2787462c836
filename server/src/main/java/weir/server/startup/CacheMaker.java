package weir.server.startup;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link StartupCache} on a thread of its own, after a while; closing gives it up. */
public final class CacheMaker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CacheMaker.class);

  /** A first start is followed by first steps, which this is not to slow down. */
  private static final long QUIET_MILLIS = 60_000;

  private final Thread thread;

  private CacheMaker(StartupCache cache) {
    thread = Thread.ofPlatform().daemon().name("start-up-cache").start(() -> make(cache));
  }

  public static CacheMaker start(StartupCache cache) {
    return new CacheMaker(cache);
  }

  private static void make(StartupCache cache) {
    try {
      Thread.sleep(QUIET_MILLIS);
      cache.make();
      LOG.info("made {}: later starts take less time", cache.file());
    } catch (IOException e) {
      LOG.warn("cannot make {}; a start takes a little longer without it", cache.file(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
