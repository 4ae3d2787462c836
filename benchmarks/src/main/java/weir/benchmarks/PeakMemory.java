package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The largest resident size of a process since a moment, as Linux keeps it. */
final class PeakMemory {
  private static final String RESET = "5";

  private final Path process;

  private PeakMemory(Path process) {
    this.process = process;
  }

  /** Begins to look at a process of this user. */
  static PeakMemory of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Files.writeString(process.resolve("clear_refs"), RESET);
    return new PeakMemory(process);
  }

  /** Since it began to look. */
  double megabytes() throws IOException {
    for (String line : Files.readAllLines(process.resolve("status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    return Double.NaN;
  }
}
