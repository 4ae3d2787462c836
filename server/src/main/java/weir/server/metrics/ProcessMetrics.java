package weir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** What every process can tell of itself. */
public final class ProcessMetrics {
  private ProcessMetrics() {}

  /** A registry that knows this process's memory, processor time and disk. */
  public static PrometheusMeterRegistry registry(Path data) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Runtime runtime = Runtime.getRuntime();
    gauge(
        registry,
        "weir.process.heap.used",
        "bytes",
        "Java heap in use.",
        () -> runtime.totalMemory() - runtime.freeMemory());
    gauge(
        registry,
        "weir.process.resident",
        "bytes",
        "Memory of the process as the system counts it.",
        () -> ResidentSize.of(ProcessHandle.current().pid()));
    gauge(
        registry,
        "weir.process.uptime",
        "seconds",
        "Time since the process started.",
        () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    gauge(
        registry,
        "weir.process.cpu",
        "seconds",
        "Processor time used since the process started.",
        () ->
            ProcessHandle.current().info().totalCpuDuration().map(d -> d.toMillis()).orElse(0L)
                / 1000.0);
    gauge(
        registry,
        "weir.process.gc.pause",
        "seconds",
        "Time spent collecting garbage since the process started.",
        ProcessMetrics::gcSeconds);
    gauge(
        registry,
        "weir.disk.free",
        "bytes",
        "Space left on the disk of the data directory.",
        () -> data.toFile().getUsableSpace());
    return registry;
  }

  private static double gcSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum()
        / 1000.0;
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      String unit,
      String help,
      java.util.function.Supplier<Number> value) {
    Gauge.builder(name, value).baseUnit(unit).description(help).register(registry);
  }
}
