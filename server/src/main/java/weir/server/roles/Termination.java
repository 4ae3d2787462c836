package weir.server.roles;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.server.logging.LogSetup;

/**
 * Ends this process once and in order, whoever asks first: SIGTERM, Ctrl-C, the parent, or the
 * command itself. The exit code is 0 after an orderly stop.
 */
public final class Termination {
  private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

  private final AtomicBoolean asked = new AtomicBoolean();
  private final CountDownLatch never = new CountDownLatch(1);
  private final AutoCloseable everything;

  /** From now on signals stop everything and end the process. */
  public Termination(AutoCloseable everything) {
    this.everything = everything;
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(0), "stop"));
  }

  /** Stops everything and ends the process; never returns. */
  public void end(int exitCode) {
    if (asked.compareAndSet(false, true)) {
      try {
        everything.close();
      } catch (Exception | Error e) {
        LOG.error("stopping failed", e);
      }
      LOG.info("stopped");
      LogSetup.stop();
      Runtime.getRuntime().halt(exitCode);
    }
    forever();
  }

  /** Whether somebody has asked for the end. */
  public boolean isUnderWay() {
    return asked.get();
  }

  /** Waits for the process's end. */
  public void forever() {
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        LOG.debug("interrupted while waiting for the end");
      }
    }
  }
}
