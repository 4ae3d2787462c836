package weir.process;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Gauges of one object, which go when it is closed, so that its successor may have the names. */
final class Gauges implements AutoCloseable {
  private final MeterRegistry metrics;
  private final List<Meter> registered = new ArrayList<>();

  Gauges(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  void add(String name, String description, Supplier<Number> value) {
    registered.add(
        Gauge.builder(name, value)
            .description(description)
            .strongReference(true)
            .register(metrics));
  }

  @Override
  public void close() {
    registered.forEach(metrics::remove);
  }
}
