package weir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Other processes, by their numbers. */
public final class Pids {
  private Pids() {}

  /** Whether a process runs; one that has ended and waits to be collected does not. */
  public static boolean isRunning(long pid) {
    if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return !Files.exists(Path.of("/proc/self")) && ProcessHandle.of(pid).isPresent();
    }
  }
}
