package weir.lake.upkeep;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicLong;
import weir.lake.catalog.TableLayout;

/** What is counted of the lake's upkeep. */
final class UpkeepMeters {
  final Timer compactions;
  final Counter filesMerged;
  final Counter rowsMerged;
  final Counter conflicts;
  final Counter duplicates;
  final Counter snapshots;
  final Counter orphans;
  final Counter failures;
  final AtomicLong files = new AtomicLong();
  final AtomicLong bytes = new AtomicLong();
  private final Counter expiredEvents;
  private final Counter expiredBadEvents;

  UpkeepMeters(MeterRegistry meters) {
    compactions =
        Timer.builder("weir_lake_compaction")
            .description("Merging files of a table and putting the result in their place")
            .register(meters);
    filesMerged = counter("weir_lake_files_merged", "Files that compaction replaced", meters);
    rowsMerged = counter("weir_lake_rows_merged", "Rows that compaction wrote again", meters);
    conflicts =
        counter(
            "weir_lake_compaction_conflicts",
            "Compactions in vain, since their files were gone from the table",
            meters);
    duplicates =
        counter(
            "weir_lake_duplicates_removed",
            "Rows that compaction left out since the same event was there already",
            meters);
    snapshots = counter("weir_lake_snapshots_expired", "Old snapshots forgotten", meters);
    orphans = counter("weir_lake_orphans_removed", "Files removed that no table refers to", meters);
    failures = counter("weir_lake_upkeep_failures", "Upkeep that failed and is due again", meters);
    expiredEvents = expired("events", meters);
    expiredBadEvents = expired("bad_events", meters);
    Gauge.builder("weir_lake_files", files, AtomicLong::get)
        .description("Data files of all tables, when last looked")
        .register(meters);
    Gauge.builder("weir_lake_data_bytes", bytes, AtomicLong::get)
        .description("Bytes of the data files of all tables, when last looked")
        .register(meters);
  }

  static Counter counter(String name, String description, MeterRegistry meters) {
    return Counter.builder(name).description(description).register(meters);
  }

  private static Counter expired(String table, MeterRegistry meters) {
    return Counter.builder("weir_lake_expired_rows")
        .tag("table", table)
        .description("Rows removed because of their age")
        .register(meters);
  }

  void expired(TableLayout layout, long rows) {
    switch (layout) {
      case EVENTS -> expiredEvents.increment((double) rows);
      case BAD_EVENTS -> expiredBadEvents.increment((double) rows);
    }
  }
}
