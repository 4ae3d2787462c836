package weir.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets tests that wait look again soon at first and seldom later: most conditions hold after
 * milliseconds, and those that take seconds are to be left alone meanwhile. JUnit finds it by
 * itself.
 */
public final class QuickPolls implements LauncherSessionListener {
  private static final Duration FIRST = Duration.ofMillis(2);
  private static final Duration LONGEST = Duration.ofMillis(100);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultPollInterval((count, last) -> next(last));
    Awaitility.setDefaultPollDelay(Duration.ZERO);
  }

  /** Half as long again as the last one. */
  static Duration next(Duration last) {
    Duration longer = last.multipliedBy(3).dividedBy(2);
    return longer.compareTo(FIRST) < 0 ? FIRST : longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
  }
}
