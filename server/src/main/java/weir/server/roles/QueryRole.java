package weir.server.roles;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.lake.reading.LakeReader;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.log.embedded.EmbeddedLog;
import weir.query.LakeSource;
import weir.query.Questions;
import weir.query.SystemTable;
import weir.query.door.ProcessHalt;
import weir.query.door.QueryOptions;
import weir.query.door.QueryServer;
import weir.query.duckdb.DuckDbEngine;
import weir.query.duckdb.DuckDbOptions;
import weir.query.hottail.HotTail;
import weir.query.hottail.LakeState;
import weir.query.hottail.TailOptions;
import weir.query.insight.Insights;
import weir.query.kept.KeptEvents;
import weir.query.kept.RowDisk;
import weir.query.sandbox.FileSandbox;
import weir.query.tables.PropertyFiles;

/** Questions about behaviour, for the engine, on the loopback. */
final class QueryRole {
  private static final Logger LOG = LoggerFactory.getLogger(QueryRole.class);
  private static final String EVENTS = "events";

  private QueryRole() {}

  /** Starts it; from then on this process can write nowhere but to its spill folder. */
  static RoleContext.Running start(RoleContext context) throws IOException, InterruptedException {
    Path results = emptyFolders(context.directory());
    confine(List.of(context.directory().spill()));
    return open(context, duckDb(context).trusting(), results);
  }

  /** Starts it in a process that has other work too, which may go on writing files. */
  static RoleContext.Running startUnconfined(RoleContext context)
      throws IOException, InterruptedException {
    Path results = emptyFolders(context.directory());
    return open(context, duckDb(context), results);
  }

  static LakeReader lake(RoleContext context) throws IOException {
    return context
        .stoppables()
        .add("lake", LakeReader.open(context.directory().lake(), InstantSource.system()));
  }

  static EventLog cleanLog(RoleContext context) throws IOException {
    return context
        .stoppables()
        .add(
            "clean log",
            EmbeddedLog.reader(weir.log.files.Files.readOnly(), context.directory().clean()));
  }

  /** The lake's tables, with what the engine tells of properties. */
  static LakeSource source(RoleContext context, LakeReader lake) {
    DataDirectory directory = context.directory();
    return LakeSource.of(lake, directory.lake(), new PropertyFiles(directory.properties()));
  }

  static QueryServer server(
      RoleContext context, DuckDbEngine engine, Questions questions, QueryOptions options)
      throws IOException {
    return context
        .stoppables()
        .add(
            "query server",
            QueryServer.start(
                engine,
                questions,
                options,
                context.token(),
                System::nanoTime,
                context.metrics(),
                context.metrics()::scrape,
                ProcessHalt.runtime()));
  }

  /** Returns the one for results. */
  private static Path emptyFolders(DataDirectory directory) throws IOException {
    Folders.emptied(directory.spill().resolve("temporary"));
    Folders.emptied(directory.spill().resolve(EVENTS));
    Folders.emptied(directory.libraries(Role.QUERY));
    return Folders.emptied(directory.spill().resolve("results"));
  }

  private static RoleContext.Running open(RoleContext context, DuckDbOptions duckDb, Path results)
      throws IOException, InterruptedException {
    Configuration settings = context.configuration();
    LakeReader lake = lake(context);
    EventLog clean = cleanLog(context);
    HotTail tail =
        context
            .stoppables()
            .add(
                "hot tail",
                HotTail.start(
                    PartitionedLog.of(clean),
                    LakeState.of(lake),
                    tail(settings),
                    System::nanoTime,
                    context.metrics()));
    LakeSource source = source(context, lake);
    DuckDbEngine engine =
        context
            .stoppables()
            .add("DuckDB", new DuckDbEngine(duckDb, source, tail, systemTables(context)));
    tail.onDrop(engine::dropUnusedTail);
    Optional<KeptEvents> kept = kept(context, engine);
    QueryServer server =
        server(
            context,
            engine,
            new Insights(engine, source, InstantSource.system(), kept),
            options(settings, results, settings.get(Settings.QUERY_PROCESS_LIMIT)));
    kept.ifPresent(each ->
        context
            .stoppables()
            .add(
                "preloading",
                Preloading.start(
                    lake, settings.get(Settings.QUERY_INSTANCES), each::prepare, engine)));
    StatementRole.awaitTail(tail);
    return new RoleContext.Running(server.port(), () -> "{}");
  }

  private static TailOptions tail(Configuration settings) {
    TailOptions defaults = TailOptions.defaults();
    return new TailOptions(
        settings.get(Settings.QUERY_TAIL_LIMIT), defaults.generationRows(), defaults.lakeEvery());
  }

  /** What questions are answered from; empty where nothing may be kept. */
  private static Optional<KeptEvents> kept(RoleContext context, DuckDbEngine engine) {
    Configuration settings = context.configuration();
    long room = settings.get(Settings.QUERY_HEAP) - settings.get(Settings.QUERY_TAIL_LIMIT);
    long limit = Math.min(settings.get(Settings.QUERY_INSIGHT_LIMIT), room / 2);
    if (limit == 0) {
      return Optional.empty();
    }
    RowDisk disk =
        new RowDisk(
            context.directory().spill().resolve(EVENTS),
            settings.get(Settings.QUERY_INSIGHT_SPILL),
            System::nanoTime);
    KeptEvents kept = new KeptEvents(engine.events(), limit, disk, System::nanoTime);
    Gauge.builder("weir_insight_kept_bytes", kept, KeptEvents::bytes)
        .description("Memory of events that questions were asked about")
        .register(context.metrics());
    Gauge.builder("weir_insight_kept_disk_bytes", disk, RowDisk::bytes)
        .description("Disk for events that questions were asked about")
        .register(context.metrics());
    FunctionCounter.builder("weir_insight_kept", kept, KeptEvents::counted)
        .description("Questions answered from events in memory")
        .register(context.metrics());
    return Optional.of(kept);
  }

  private static DuckDbOptions duckDb(RoleContext context) {
    return duckDb(context.configuration(), context.directory().spill());
  }

  /**
   * How DuckDB is set up.
   *
   * @param spill where it may write
   */
  static DuckDbOptions duckDb(Configuration settings, Path spill) {
    return new DuckDbOptions(
        spill,
        settings.get(Settings.QUERY_MEMORY),
        settings.get(Settings.QUERY_SPILL),
        settings.get(Settings.QUERY_THREADS),
        settings.get(Settings.QUERY_INSTANCES),
        settings.get(Settings.QUERY_PRICE));
  }

  /** From now on this process writes to these folders alone, where the system can do that. */
  static void confine(List<Path> folders) {
    switch (FileSandbox.enter(folders)) {
      case FileSandbox.Outcome.Confined confined ->
          LOG.info("nothing but {} can be written (Landlock {})", folders, confined.abi());
      case FileSandbox.Outcome.Unsupported unsupported ->
          LOG.warn("only the SQL gateway guards files: {}", unsupported.reason());
    }
  }

  static List<SystemTable> systemTables(RoleContext context) {
    return List.of(LedgerTable.over(context.directory().ledger()));
  }

  /**
   * Bounds of queries.
   *
   * @param limit of the process's memory
   */
  static QueryOptions options(Configuration settings, Path results, long limit) {
    QueryOptions usual = QueryOptions.defaults(results);
    return new QueryOptions(
        results,
        settings.get(Settings.QUERY_TIMEOUT),
        settings.get(Settings.QUERY_MAX_TIMEOUT),
        settings.get(Settings.QUERY_CONCURRENT),
        settings.get(Settings.QUERY_PROJECT_CONCURRENT),
        settings.get(Settings.QUERY_WAITING),
        usual.jsonLimit(),
        usual.keptResults(),
        settings.get(Settings.QUERY_RESULTS_LIMIT),
        usual.keptFor(),
        limit / 10 * 9,
        usual.overrun());
  }
}
