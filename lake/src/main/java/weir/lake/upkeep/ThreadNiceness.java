package weir.lake.upkeep;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets other threads of the machine go first; on Linux, where each thread has a niceness. */
public final class ThreadNiceness {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadNiceness.class);
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private ThreadNiceness() {}

  /**
   * Gives the calling thread, and those that it starts from now on, a niceness for good. Does
   * nothing on other systems.
   *
   * @param niceness from 0, as others have it, to 19; by setpriority(2)
   */
  public static void set(int niceness) {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle setpriority =
          linker.downcallHandle(
              linker.defaultLookup().find("setpriority").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));
      int failed = (int) setpriority.invokeExact(PRIO_PROCESS, CALLING_THREAD, niceness);
      if (failed != 0) {
        LOG.info("the system refuses a thread a niceness of {}", niceness);
      }
    } catch (Throwable e) {
      LOG.info("no niceness for a thread: {}", e.toString());
    }
  }
}
