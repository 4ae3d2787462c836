package weir.server.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** How much memory a process takes, as Linux counts it. */
public final class ResidentSize {
  private static final Set<String> ALL = Set.of("VmRSS:");
  private static final Set<String> OWN = Set.of("RssAnon:", "RssShmem:");

  private ResidentSize() {}

  /** Bytes that a process holds in memory; 0 where the system does not say. */
  public static long of(long pid) {
    return sum(pid, ALL);
  }

  /**
   * Bytes that a process holds in memory without mapped files, which the system can take back; 0
   * where it does not say.
   */
  public static long withoutFiles(long pid) {
    return sum(pid, OWN);
  }

  private static long sum(long pid, Set<String> fields) {
    long sum = 0;
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        String[] words = line.split("\\s+");
        if (fields.contains(words[0])) {
          sum += 1024 * Long.parseLong(words[1]);
        }
      }
    } catch (IOException e) {
      return 0; // it has ended, or this is no Linux
    }
    return sum;
  }
}
