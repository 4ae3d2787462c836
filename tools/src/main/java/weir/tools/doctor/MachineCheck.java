package weir.tools.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weir.config.Configuration;
import weir.config.Settings;

/** Java, memory, processors, open files. */
final class MachineCheck {
  private static final int JAVA = 25;
  private static final long GIB = 1 << 30;
  private static final long LEAST_MEMORY = 3 * GIB / 2;
  private static final int FILES_BESIDE_CONNECTIONS = 2_000;
  private static final int LEAST_FILES = 1_024;

  private MachineCheck() {}

  static List<Finding> examine(Configuration settings) {
    List<Finding> findings = new ArrayList<>();
    findings.add(java(Runtime.version().feature()));
    int cores = Runtime.getRuntime().availableProcessors();
    findings.add(
        cores >= 2
            ? Finding.ok("processors", cores + " cores")
            : Finding.warn(
                "processors", "1 core", "queries and imports will slow each other: give it 2"));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long wanted =
          settings.get(Settings.ENGINE_HEAP)
              + settings.get(Settings.LAKE_WRITER_MEMORY)
              + settings.get(Settings.QUERY_PROCESS_LIMIT);
      findings.add(memory(system.getTotalMemorySize(), wanted));
      findings.add(
          files(system.getMaxFileDescriptorCount(), settings.get(Settings.COLLECT_CONNECTIONS)));
    }
    return findings;
  }

  static Finding java(int version) {
    String found = "Java " + Runtime.version() + " from " + System.getProperty("java.home");
    return version >= JAVA
        ? Finding.ok("java", found)
        : Finding.fail("java", found, "install a JDK " + JAVA + " and let JAVA_HOME name it");
  }

  static Finding memory(long total, long wanted) {
    String found = size(total) + ", of which the settings may take " + size(wanted);
    if (total < LEAST_MEMORY) {
      return Finding.fail("memory", found, "Weir's three processes need 1.5 GiB at the least");
    }
    return wanted <= total
        ? Finding.ok("memory", found)
        : Finding.warn(
            "memory",
            found,
            "lower query.process_limit, engine.heap or lake.writer_memory, or give it more");
  }

  static Finding files(long limit, int connections) {
    String found = "at most " + limit + " at a time, and " + connections + " connections allowed";
    if (limit < LEAST_FILES) {
      return Finding.fail("open files", found, "raise it: ulimit -n 65536");
    }
    return limit >= connections + FILES_BESIDE_CONNECTIONS
        ? Finding.ok("open files", found)
        : Finding.warn(
            "open files",
            found,
            "raise it (ulimit -n 65536, or LimitNOFILE= in the unit), or lower collect.connections");
  }

  static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
  }
}
