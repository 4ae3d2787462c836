package weir.server.plugins;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;

/** Runs the plug-ins of a jar over sample events as the engine would, and shows what they make. */
public final class PluginTrial {
  private static final String PROJECT = "trial";

  private final PluginOptions options;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintWriter out;

  /**
   * @param options whose folder of jars is not used
   * @param ticker nanoseconds, for durations
   */
  public PluginTrial(
      PluginOptions options, InstantSource clock, LongSupplier ticker, PrintWriter out) {
    this.options = options;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  /**
   * Runs each of the jar's plug-ins, or one, over all events.
   *
   * @param only the name of one; empty for all
   * @param settings a JSON object
   * @param lines events, one a line
   * @return how many events would be set aside
   * @throws IOException if the jar is none of plug-ins
   * @throws IllegalArgumentException if a line is no event
   */
  public long run(Path jar, String only, String settings, List<String> lines) throws IOException {
    List<PluginEvent> events = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank()) {
        int number = events.size() + 1;
        try {
          events.add(EventLine.read(line, "sample-" + number, clock.instant()));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("event " + number + ": " + e.getMessage(), e);
        }
      }
    }
    List<PluginCatalog.Available> found =
        new PluginCatalog(options).look(String.valueOf(jar.getFileName()), jar);
    List<PluginCatalog.Available> wanted =
        found.stream().filter(each -> only.isEmpty() || each.name().equals(only)).toList();
    if (wanted.isEmpty()) {
      throw new IOException(
          jar
              + " has no plug-in "
              + only
              + "; there are "
              + found.stream().map(PluginCatalog.Available::name).toList());
    }
    long aside = 0;
    for (PluginCatalog.Available each : wanted) {
      aside += run(each, settings, events);
    }
    out.flush();
    return aside;
  }

  private long run(PluginCatalog.Available plugin, String settings, List<PluginEvent> events) {
    out.println(plugin.name() + " " + plugin.version() + ": " + plugin.description());
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    PluginCounts counts = new PluginCounts(PROJECT, plugin.name(), metrics);
    ChainSpec spec = new ChainSpec(PROJECT, List.of(new ChainSpec.Link(plugin, settings)));
    long aside = 0;
    try (ProjectChain chain =
        new ProjectChain(spec, options, List.of(counts), () -> {}, clock, ticker)) {
      for (PluginEvent event : events) {
        PluginResult result = chain.apply(List.of(event), Long.MAX_VALUE / 4).get(0);
        out.println("  in    " + EventLine.write(event));
        aside += show(result);
      }
    }
    out.printf(
        Locale.ROOT,
        "%d in, %d out, %d dropped, %d set aside, %.1f us an event%n",
        events.size(),
        counts.made(),
        counts.dropped(),
        aside,
        counts.micros());
    return aside;
  }

  private int show(PluginResult result) {
    switch (result) {
      case PluginResult.Events made ->
          made.events().forEach(event -> out.println("  out   " + EventLine.write(event)));
      case PluginResult.Dropped dropped -> out.println("  dropped");
      case PluginResult.Failed failed -> {
        out.println("  aside " + failed.reason() + ": " + failed.message());
        return 1;
      }
    }
    return 0;
  }
}
