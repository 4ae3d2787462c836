package weir.server.plugins;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;
import weir.enrich.plugin.PluginUse;
import weir.event.EventColumn;
import weir.server.plugins.child.Limits;

/** Plug-ins in real processes, without the rest of an engine. */
final class ChainRig implements AutoCloseable {
  static final long MUCH = 64 << 20;

  final Path folder;
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Plugins plugins;

  ChainRig(Path work) {
    this(work, Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  /**
   * @param lost what plug-ins may lose a minute
   */
  ChainRig(Path work, Duration lost, Duration rest) {
    this.folder = work.resolve("plugins");
    this.plugins =
        Plugins.start(
            options(folder, work.resolve("copies"), lost, rest),
            InstantSource.system(),
            System::nanoTime,
            metrics);
  }

  static PluginOptions options(Path folder, Path copies, Duration lost, Duration rest) {
    return new PluginOptions(
        folder,
        copies,
        ChainRig::command,
        new Limits(Duration.ofMillis(700), Duration.ofMillis(500), 10, 64 << 10, 16),
        Duration.ofMillis(50),
        lost,
        rest);
  }

  private static ProcessBuilder command() {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx32m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-cp",
        System.getProperty("java.class.path"),
        "weir.server.PluginMain");
  }

  /** The project's plug-ins, with settings that are none. */
  PluginChain use(String project, String... names) {
    plugins.set(project, List.of(names).stream().map(name -> new PluginUse(name, "{}")).toList());
    return plugins.of(project).orElseThrow();
  }

  static PluginEvent event(int number, Map<String, Object> properties) {
    Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    columns.put(EventColumn.EVENT, "view");
    columns.put(EventColumn.EVENT_ID, "e" + number);
    columns.put(EventColumn.TIMESTAMP, 1_800_000_000_000_000L + number);
    columns.put(EventColumn.USER_ID, "u" + number % 5);
    return new PluginEvent(columns, new LinkedHashMap<>(properties), "web", 1_800_000_000_000_000L);
  }

  /** So many events, of which one bears the property bad. */
  static List<PluginEvent> events(int count, int bad) {
    List<PluginEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(
          event(i, i == bad ? Map.of("bad", true, "n", (double) i) : Map.of("n", (double) i)));
    }
    return events;
  }

  static PluginResult.Failed failed(PluginResult result) {
    if (result instanceof PluginResult.Failed failed) {
      return failed;
    }
    throw new AssertionError("not failed: " + result);
  }

  static List<PluginEvent> made(PluginResult result) {
    if (result instanceof PluginResult.Events events) {
      return events.events();
    }
    throw new AssertionError("no events: " + result);
  }

  @Override
  public void close() {
    plugins.close();
  }
}
