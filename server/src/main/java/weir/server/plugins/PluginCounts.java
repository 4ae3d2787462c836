package weir.server.plugins;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** What a plug-in has done to a project's events since the engine's start. */
final class PluginCounts {
  private final LongAdder in = new LongAdder();
  private final LongAdder made = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder quarantined = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  PluginCounts(String project, String plugin, MeterRegistry metrics) {
    FunctionTimer.builder(
            "weir_plugin_seconds",
            this,
            counts -> counts.in.sum(),
            counts -> counts.nanos.sum(),
            TimeUnit.NANOSECONDS)
        .description("Time of a plug-in for a project's events")
        .tags("project", project, "plugin", plugin)
        .register(metrics);
    counter("in", counts -> counts.in, project, plugin, metrics);
    counter("made", counts -> counts.made, project, plugin, metrics);
    counter("dropped", counts -> counts.dropped, project, plugin, metrics);
    counter("quarantined", counts -> counts.quarantined, project, plugin, metrics);
  }

  private void counter(
      String result,
      Function<PluginCounts, LongAdder> of,
      String project,
      String plugin,
      MeterRegistry metrics) {
    FunctionCounter.builder("weir_plugin_events", this, counts -> of.apply(counts).sum())
        .description("Events of a project at a plug-in: come in, made, dropped, quarantined")
        .tags("project", project, "plugin", plugin, "result", result)
        .register(metrics);
  }

  void add(long cameIn, long madeOf, long left, long failed, long time) {
    in.add(cameIn);
    made.add(madeOf);
    dropped.add(left);
    quarantined.add(failed);
    nanos.add(time);
  }

  void quarantine() {
    quarantined.increment();
  }

  long in() {
    return in.sum();
  }

  long made() {
    return made.sum();
  }

  long dropped() {
    return dropped.sum();
  }

  long quarantined() {
    return quarantined.sum();
  }

  /** Of one event, on the whole. */
  double micros() {
    long events = in.sum();
    return events == 0 ? 0 : nanos.sum() / 1e3 / events;
  }
}
