package weir.lake.writing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicLong;
import weir.lake.catalog.TableLayout;

/** What the lake's writer counts. */
final class LakeMeters {
  final Timer commits;
  final Counter failures;
  final Counter damaged;
  final AtomicLong pendingRows = new AtomicLong();
  final AtomicLong pendingBytes = new AtomicLong();
  final AtomicLong failingTables = new AtomicLong();
  private final Counter eventRows;
  private final Counter badEventRows;
  private final Counter misfits;

  LakeMeters(MeterRegistry meters) {
    eventRows = rows("events", meters);
    badEventRows = rows("bad_events", meters);
    commits =
        Timer.builder("weir_lake_commit")
            .description("Writing pending rows of a table and committing them")
            .register(meters);
    failures = counter("weir_lake_failures", "Commits that failed and are tried again", meters);
    damaged =
        counter("weir_lake_damaged_frames", "Stretches of the clean log that are broken", meters);
    misfits =
        counter(
            "weir_lake_property_misfits",
            "Property values that did not fit their column and went to properties",
            meters);
    gauge("weir_lake_pending_rows", pendingRows, "Rows that are not committed yet", meters);
    gauge("weir_lake_pending_bytes", pendingBytes, "Memory of rows not committed yet", meters);
    gauge("weir_lake_failing_tables", failingTables, "Tables whose last commit failed", meters);
  }

  private static Counter rows(String table, MeterRegistry meters) {
    return Counter.builder("weir_lake_rows")
        .tag("table", table)
        .description("Rows committed")
        .register(meters);
  }

  private static Counter counter(String name, String description, MeterRegistry meters) {
    return Counter.builder(name).description(description).register(meters);
  }

  private static void gauge(String name, AtomicLong of, String description, MeterRegistry meters) {
    Gauge.builder(name, of, AtomicLong::get).description(description).register(meters);
  }

  void committed(TableLayout layout, PendingTable.Committed rows) {
    Counter counter =
        switch (layout) {
          case EVENTS -> eventRows;
          case BAD_EVENTS -> badEventRows;
        };
    counter.increment((double) rows.rows());
    misfits.increment((double) rows.misfits());
  }
}
