package weir.server.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory a process takes, as Linux counts it. */
public final class ResidentSize {
  private static final String FIELD = "VmRSS:";

  private ResidentSize() {}

  /** Bytes that a process holds in memory; 0 where the system does not say. */
  public static long of(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith(FIELD)) {
          return 1024 * Long.parseLong(line.substring(FIELD.length()).replace("kB", "").strip());
        }
      }
    } catch (IOException e) {
      return 0; // it has ended, or this is no Linux
    }
    return 0;
  }
}
