package weir.server.plugins;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import weir.server.plugins.child.Limits;

/**
 * How plug-ins are run.
 *
 * @param folder of their jars
 * @param copies a folder for copies of them, emptied
 * @param command starts {@link weir.server.plugins.child.PluginChild}
 * @param limits of one event and batch
 * @param usual how long an event should take on the whole; what goes beyond is time lost
 * @param lost how much time a project's plug-ins may lose a minute
 * @param rest how long they rest when they lose more
 */
public record PluginOptions(
    Path folder,
    Path copies,
    Supplier<ProcessBuilder> command,
    Limits limits,
    Duration usual,
    Duration lost,
    Duration rest) {
  /** Within it a process must have started and opened its plug-ins. */
  static final Duration START = Duration.ofSeconds(20);

  static final Duration LONGEST_REST = Duration.ofMinutes(10);
}
