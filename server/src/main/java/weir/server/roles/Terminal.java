package weir.server.roles;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this process writes to. */
final class Terminal {
  private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
  private static final int STDOUT = 1;

  private Terminal() {}

  /** Whether a person reads what is printed, and no journal or file keeps it: isatty(3). */
  static boolean readsOutput() {
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle isatty =
          linker.downcallHandle(
              linker.defaultLookup().find("isatty").orElseThrow(),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      return (int) isatty.invokeExact(STDOUT) == 1;
    } catch (Throwable e) {
      LOG.debug("no way to ask for a terminal", e);
      return false;
    }
  }
}
