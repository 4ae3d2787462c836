package weir.config;

import static weir.config.SettingKinds.add;
import static weir.config.SettingKinds.age;
import static weir.config.SettingKinds.file;
import static weir.config.SettingKinds.folder;
import static weir.config.SettingKinds.size;
import static weir.config.SettingKinds.span;
import static weir.config.SettingKinds.text;
import static weir.config.SettingKinds.whole;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.directory.Role;
import weir.event.Network;

/** Every setting that there is. */
public final class Settings {
  // where things are
  public static final Setting<Path> DATA =
      folder("server.data", defaultData(), "Folder that holds everything that is kept.");
  public static final Setting<Set<Role>> ROLES =
      add(
          "server.roles",
          new SettingType.Some<>(Role.class),
          "collect,engine,query",
          "Which roles this start runs, each in a process of its own.");
  public static final Setting<Duration> TAKEOVER_WAIT =
      span(
          "server.takeover_wait",
          "15s",
          "0ms",
          "10m",
          "How long a role waits for its predecessor to end.");

  public static final Setting<LogLevel> LOG_LEVEL =
      add(
          "server.log_level",
          new SettingType.Choice<>(LogLevel.class),
          "info",
          "How much is logged.");

  // collector
  public static final Setting<String> COLLECT_HOST =
      text("collect.host", "127.0.0.1", "Address that the collector listens on.");
  public static final Setting<Integer> COLLECT_PORT =
      whole("collect.port", 8080, 0, 65_535, "Port that the collector listens on; 0 takes any.");
  public static final Setting<Long> COLLECT_REQUEST_LIMIT =
      size("collect.request_limit", "10MiB", "1KiB", "256MiB", "Largest body of a request.");
  public static final Setting<Long> COLLECT_DECODED_LIMIT =
      size(
          "collect.decoded_limit",
          "40MiB",
          "1KiB",
          "512MiB",
          "Largest body once its content-encoding is undone.");
  public static final Setting<Long> COLLECT_EVENT_LIMIT =
      size(
          "collect.event_limit",
          "1MiB",
          "1KiB",
          "64MiB",
          "Largest event; others go to quarantine.");
  public static final Setting<Long> COLLECT_IN_FLIGHT_LIMIT =
      size(
          "collect.in_flight_limit",
          "256MiB",
          "1MiB",
          "64GiB",
          "Bytes of bodies held until they are stored; beyond them requests are answered 429. No write"
              + " key holds more of them than are free.");
  public static final Setting<Integer> COLLECT_CONNECTIONS =
      whole("collect.connections", 20_000, 1, 1_000_000, "Connections at a time.");
  public static final Setting<Duration> COLLECT_BODY_TIMEOUT =
      span("collect.body_timeout", "30s", "100ms", "1h", "Within it a body must have arrived.");
  public static final Setting<Duration> COLLECT_IDLE_TIMEOUT =
      span(
          "collect.idle_timeout",
          "75s",
          "1s",
          "1d",
          "A connection without a complete request for so long is closed.");
  public static final Setting<Integer> COLLECT_TRUSTED_PROXIES =
      whole(
          "collect.trusted_proxies",
          0,
          0,
          100,
          "How many proxies in front of the collector append to X-Forwarded-For.");
  public static final Setting<String> COLLECT_TRACKER_PATH =
      add(
          "collect.tracker_path",
          new SettingType.UrlPath(),
          "/weir.js",
          "Path at which the collector serves the tracker for web pages; the smaller one is at the"
              + " same path with .core before its ending.");
  public static final Setting<Optional<String>> COLLECT_EVENTS_PATH =
      add(
          "collect.events_path",
          new SettingType.MaybeUrlPath(),
          "",
          "Another path for /v1/batch, where blockers know that one; the tracker's data-path names"
              + " it.");
  public static final Setting<Optional<Path>> COLLECT_TLS_CERTIFICATE =
      file(
          "collect.tls_certificate",
          "PEM file with the collector's certificate and those behind it; with it, HTTPS is"
              + " served. Read again when it changes.");
  public static final Setting<Optional<Path>> COLLECT_TLS_KEY =
      file("collect.tls_key", "PEM file with the key of collect.tls_certificate, no password.");
  public static final Setting<Long> RAW_LIMIT =
      size(
          "log.raw_limit",
          "10GiB",
          "64MiB",
          "1024TiB",
          "Disk that requests may take which are not yet in the lake; beyond it, 503.");
  public static final Setting<Long> CLEAN_LIMIT =
      size(
          "log.clean_limit",
          "10GiB",
          "64MiB",
          "1024TiB",
          "Disk that decided events may take which are not yet in the lake.");
  public static final Setting<Long> SEGMENT_SIZE =
      size(
          "log.segment_size",
          "64MiB",
          "64KiB",
          "1GiB",
          "A log is kept in files of this size; space is given back file by file.");
  public static final Setting<Long> DISK_RESERVE =
      size(
          "log.disk_reserve",
          "512MiB",
          "0B",
          "1TiB",
          "Space on the disk that requests leave free, so that the lake can still be written.");

  // engine
  public static final Setting<String> API_HOST =
      text("api.host", "127.0.0.1", "Address that the API listens on.");
  public static final Setting<Integer> API_PORT =
      whole("api.port", 8090, 0, 65_535, "Port that the API listens on; 0 takes any.");
  public static final Setting<Optional<Path>> API_TLS_CERTIFICATE =
      file(
          "api.tls_certificate",
          "PEM file with the API's certificate and those behind it; with it, HTTPS is served."
              + " Read again when it changes.");
  public static final Setting<Optional<Path>> API_TLS_KEY =
      file("api.tls_key", "PEM file with the key of api.tls_certificate, no password.");
  public static final Setting<Integer> API_POSTGRES_PORT =
      whole(
          "api.postgres_port",
          0,
          0,
          65_535,
          "Port at api.host that PostgreSQL's protocol is spoken on, by the same certificate; 0 for"
              + " none.");
  public static final Setting<Integer> API_POSTGRES_CONNECTIONS =
      whole(
          "api.postgres_connections",
          100,
          1,
          10_000,
          "Connections at a time to api.postgres_port, without those that have not logged in.");
  public static final Setting<Duration> API_POSTGRES_LOGIN =
      span(
          "api.postgres_login",
          "15s",
          "1s",
          "10m",
          "How long a connection to api.postgres_port may take to log in.");
  public static final Setting<Duration> API_QUERY_WAIT =
      span(
          "api.query_wait",
          "10s",
          "0ms",
          "5m",
          "How long a query waits for a restarting query process before it is answered 503.");
  public static final Setting<Long> ENGINE_HEAP =
      size("engine.heap", "1GiB", "128MiB", "1TiB", "Java heap of the engine process.");

  public static final Setting<Duration> DUPLICATE_WINDOW =
      span(
          "process.duplicate_window",
          "7d",
          "1d",
          "400d",
          "How long an event id is remembered; the same id within it is a duplicate.");
  public static final Setting<Duration> PROCESS_LINGER =
      span(
          "process.linger",
          "20ms",
          "0ms",
          "10s",
          "How long decided events wait for more before they are stored together.");
  public static final Setting<Duration> PROCESS_CLOCK_TOLERANCE =
      span(
          "process.clock_tolerance",
          "5s",
          "0ms",
          "1h",
          "A client's clock that is off by more is corrected; what is less is the way of a request.");
  public static final Setting<Integer> PROCESS_COLUMNS =
      whole(
          "process.property_columns",
          500,
          0,
          5_000,
          "Columns for properties that a project may have; further properties stay in JSON.");
  public static final Setting<Integer> PROCESS_COLUMNS_PER_KEY =
      whole(
          "process.property_columns_per_key",
          400,
          0,
          5_000,
          "Of these, how many one write key may bring: a key in a web page is public.");
  public static final Setting<Integer> PROCESS_NEW_COLUMNS =
      whole(
          "process.new_columns",
          200,
          0,
          5_000,
          "Property columns that one write key may bring in an hour.");
  public static final Setting<Integer> PROCESS_NEW_COLUMNS_PER_EVENT =
      whole(
          "process.new_columns_per_event",
          100,
          0,
          5_000,
          "An event with more new properties than this brings no column; they stay in JSON.");
  public static final Setting<Optional<Path>> ENRICH_PLACES =
      file(
          "enrich.places",
          "Database in MaxMind's format that says in which city an address is; without one only"
              + " countries are known. Read again when it changes.");
  public static final Setting<Optional<Path>> ENRICH_NETWORKS =
      file(
          "enrich.networks",
          "Database in MaxMind's format that says to which network (ASN) an address belongs. Read"
              + " again when it changes.");
  public static final Setting<Optional<Path>> ENRICH_RATES =
      file(
          "enrich.rates",
          "CSV file of currency,rate or date,currency,rate, for projects that have a currency of"
              + " their own. Read again when it changes.");
  public static final Setting<Optional<Path>> PLUGINS_PATH =
      file(
          "plugins.path",
          "Folder with the jars of plug-ins; without it, plugins in the data directory. Looked at"
              + " every two seconds where a project uses one.");
  public static final Setting<Long> PLUGINS_MEMORY =
      size(
          "plugins.memory",
          "64MiB",
          "16MiB",
          "64GiB",
          "Java heap of the process that runs a project's plug-ins; it is started again when it runs"
              + " out.");
  public static final Setting<Duration> PLUGINS_EVENT_TIME =
      span(
          "plugins.event_time",
          "1s",
          "10ms",
          "5m",
          "How long a project's plug-ins may take for an event before their process is ended.");
  public static final Setting<Duration> PLUGINS_USUAL_TIME =
      span(
          "plugins.usual_time",
          "5ms",
          "1ms",
          "5m",
          "How long they may take for an event on the whole; what goes beyond is time lost.");
  public static final Setting<Duration> PLUGINS_LOST_TIME =
      span(
          "plugins.lost_time",
          "5s",
          "100ms",
          "1m",
          "Time that a project's plug-ins may lose in a minute, by being slow and by processes that"
              + " end. Beyond it they rest, and the project's events are set aside.");
  public static final Setting<Duration> PLUGINS_REST =
      span(
          "plugins.rest",
          "30s",
          "1s",
          "10m",
          "How long plug-ins rest that have lost too much time, before one event tries them again;"
              + " twice as long after each try that fails, up to 10 minutes.");
  public static final Setting<Integer> PLUGINS_EVENTS =
      whole("plugins.events", 100, 1, 10_000, "Events that plug-ins may make of one.");
  public static final Setting<Long> PLUGINS_RESULT_LIMIT =
      size(
          "plugins.result_limit",
          "1MiB",
          "1KiB",
          "64MiB",
          "What plug-ins may add to an event, and what all events that they make of one may take.");
  public static final Setting<Integer> LAKE_COMMIT_EVENTS =
      whole(
          "lake.commit_events",
          500_000,
          1,
          10_000_000,
          "Rows of a table that are committed together.");
  public static final Setting<Duration> LAKE_COMMIT_INTERVAL =
      span(
          "lake.commit_interval",
          "30s",
          "10ms",
          "1h",
          "How long rows wait for their commit once a fiftieth of lake.commit_events is pending.");
  public static final Setting<Duration> LAKE_QUIET_COMMIT_INTERVAL =
      span(
          "lake.quiet_commit_interval",
          "10m",
          "10ms",
          "1d",
          "How long rows of a table with fewer pending wait for their commit.");
  public static final Setting<Long> LAKE_PENDING_LIMIT =
      size(
          "lake.pending_limit",
          "192MiB",
          "1MiB",
          "64GiB",
          "Memory for rows that await their commit.");
  public static final Setting<Long> LAKE_WRITER_MEMORY =
      size("lake.writer_memory", "512MiB", "64MiB", "256GiB", "Memory for writing Parquet files.");
  public static final Setting<Long> LAKE_HELD_LOG =
      size(
          "lake.held_log",
          "512MiB",
          "1MiB",
          "1024TiB",
          "Log that rows may hold back which await their commit; tables further behind commit.");
  public static final Setting<Long> LAKE_FILE_SIZE =
      size(
          "lake.file_size",
          "128MiB",
          "1MiB",
          "16GiB",
          "Size of the files that compaction makes of smaller ones.");
  public static final Setting<Long> LAKE_COMPACTION_MEMORY =
      size(
          "lake.compaction_memory",
          "512MiB",
          "64MiB",
          "256GiB",
          "Memory for merging files; what does not fit goes to the disk meanwhile.");
  public static final Setting<Duration> LAKE_QUIET_DAY =
      span(
          "lake.quiet_day",
          "1h",
          "1s",
          "400d",
          "The files of a day that has not changed for so long are merged more thoroughly.");
  public static final Setting<Duration> LAKE_SNAPSHOT_AGE =
      span(
          "lake.snapshot_age",
          "1h",
          "1s",
          "400d",
          "How long replaced files of a table stay; more than query.max_timeout.");
  public static final Setting<Duration> LAKE_ORPHAN_AGE =
      span(
          "lake.orphan_age",
          "1d",
          "1h",
          "400d",
          "Files in the lake that belong to no table are removed when they are older.");
  public static final Setting<Optional<Duration>> RETENTION_EVENTS =
      age("retention.events", "forever", "How long events are kept; whole days are dropped.");
  public static final Setting<Optional<Duration>> RETENTION_BAD_EVENTS =
      age("retention.bad_events", "30d", "How long bad events are kept; whole days are dropped.");

  // stored tables
  public static final Setting<Long> TABLES_UPLOAD_LIMIT =
      size(
          "tables.upload_limit",
          "1GiB",
          "1KiB",
          "64GiB",
          "Largest file that becomes a stored table, before and after its decompression.");
  public static final Setting<Integer> TABLES_ROW_LIMIT =
      whole("tables.row_limit", 100_000_000, 1, Integer.MAX_VALUE, "Rows of a stored table.");
  public static final Setting<Long> TABLES_SIZE_LIMIT =
      size("tables.size_limit", "2GiB", "1KiB", "64GiB", "Largest Parquet file of a stored table.");
  public static final Setting<Duration> TABLES_TIME_LIMIT =
      span("tables.time_limit", "5m", "1s", "1d", "How long a file may take to become a table.");

  // readers of the stream
  public static final Setting<Long> TAPS_HELD_LOG =
      size(
          "taps.held_log",
          "256MiB",
          "0",
          "1024TiB",
          "Decided events that are kept for streams and consumers, beside those that are not yet in"
              + " the lake; who is further behind gets 410.");
  public static final Setting<Duration> TAPS_AGE =
      span("taps.age", "24h", "0ms", "365d", "How long they are kept at most.");

  // deliveries
  public static final Setting<List<Network>> DELIVERIES_ALLOWED_NETWORKS =
      add(
          "deliveries.allowed_networks",
          new SettingType.Networks(),
          "",
          "Networks that may be delivered to besides the public Internet, also by http; such as"
              + " 127.0.0.0/8 for this machine.");
  public static final Setting<Duration> DELIVERIES_TIMEOUT =
      span("deliveries.timeout", "15s", "100ms", "5m", "How long a receiver may take to answer.");
  public static final Setting<Integer> DELIVERIES_ATTEMPTS =
      whole(
          "deliveries.attempts",
          15,
          1,
          1_000,
          "How often a batch is tried before it becomes a dead letter.");
  public static final Setting<Duration> DELIVERIES_LONGEST_WAIT =
      span(
          "deliveries.longest_wait",
          "1h",
          "100ms",
          "1d",
          "Longest pause between two attempts; the first one is a second, then they double.");
  public static final Setting<Long> DELIVERIES_BATCH_BYTES =
      size(
          "deliveries.batch_bytes",
          "256KiB",
          "1KiB",
          "16MiB",
          "Events of a request together; a single event may be longer.");
  public static final Setting<Integer> DELIVERIES_CONCURRENCY =
      whole(
          "deliveries.concurrency",
          32,
          2,
          1_000,
          "Requests that are under way at most, beside those that wait for longer than a second.");
  public static final Setting<Integer> DELIVERIES_MOST =
      whole("deliveries.most", 100, 0, 10_000, "How many deliveries there may be.");
  public static final Setting<Long> DELIVERIES_DEAD_LETTER_BYTES =
      size(
          "deliveries.dead_letter_bytes",
          "64MiB",
          "1MiB",
          "64GiB",
          "What dead letters may take; the oldest make room.");
  public static final Setting<Duration> DELIVERIES_DEAD_LETTER_AGE =
      span("deliveries.dead_letter_age", "7d", "1m", "365d", "How long dead letters are kept.");

  // query
  public static final Setting<Long> QUERY_HEAP =
      size("query.heap", "1536MiB", "128MiB", "1TiB", "Java heap of the query process.");
  public static final Setting<Long> QUERY_PROCESS_LIMIT =
      size(
          "query.process_limit",
          "3GiB",
          "256MiB",
          "16TiB",
          "Resident size, without mapped files, above which the query process is killed and"
              + " restarted.");
  public static final Setting<Long> QUERY_MEMORY =
      size(
          "query.memory",
          "1GiB",
          "64MiB",
          "16TiB",
          "Memory that SQL may use for what it buffers, for a project's main instance of DuckDB; those"
              + " beside it (earlier states, limited keys) get half. query.statement_limit bounds all of"
              + " it.");
  public static final Setting<Long> QUERY_TAIL_LIMIT =
      size(
          "query.tail_limit",
          "256MiB",
          "1MiB",
          "64GiB",
          "Memory for events that the lake has not committed yet; part of query.heap.");
  public static final Setting<Long> QUERY_INSIGHT_LIMIT =
      size(
          "query.insight_limit",
          "640MiB",
          "0B",
          "1TiB",
          "Memory for events that questions were asked about, so that they are answered sooner the"
              + " next time; at most half of what query.tail_limit leaves of query.heap.");
  public static final Setting<Long> QUERY_INSIGHT_SPILL =
      size(
          "query.insight_spill",
          "10GiB",
          "0B",
          "1024TiB",
          "Disk for those of these events that do not fit into query.insight_limit.");
  public static final Setting<Long> QUERY_SPILL =
      size(
          "query.spill",
          "10GiB",
          "0B",
          "1024TiB",
          "Disk for what does not fit into query.memory, for each open project.");
  public static final Setting<Integer> QUERY_THREADS =
      whole("query.threads", 2, 1, 1_024, "Threads that a statement may run on.");
  public static final Setting<Integer> QUERY_INSTANCES =
      whole(
          "query.instances",
          8,
          1,
          1_000,
          "Projects that stay open at a time: each has a process for its statements, and a place"
              + " among questions about behaviour.");
  public static final Setting<Duration> QUERY_STATEMENT_IDLE =
      span(
          "query.statement_idle",
          "5m",
          "1s",
          "400d",
          "How long the process for a project's statements stays when nobody asks.");
  public static final Setting<Long> QUERY_STATEMENT_HEAP =
      size(
          "query.statement_heap",
          "512MiB",
          "96MiB",
          "1TiB",
          "Java heap of the process for a project's statements; query.tail_limit is part of it, and"
              + " at most half.");
  public static final Setting<Long> QUERY_STATEMENT_LIMIT =
      size(
          "query.statement_limit",
          "2560MiB",
          "256MiB",
          "16TiB",
          "Resident size, without mapped files, above which the process for a project's statements"
              + " is ended, and with it the statement that is to blame.");
  public static final Setting<Integer> QUERY_CONCURRENT =
      whole("query.concurrent", 8, 1, 1_000, "Queries at a time; further ones wait.");
  public static final Setting<Integer> QUERY_PROJECT_CONCURRENT =
      whole(
          "query.project_concurrent",
          6,
          1,
          1_000,
          "Queries of one project at a time, so that others find a place; half of them may be"
              + " questions about behaviour, and one is left to its other keys.");
  public static final Setting<Integer> QUERY_WAITING =
      whole(
          "query.waiting",
          100,
          0,
          1_000,
          "Queries of a project that wait; further ones are answered 429, and of one key already when"
              + " three quarters are its.");
  public static final Setting<BigDecimal> QUERY_PRICE =
      add(
          "query.price_per_tb",
          new SettingType.Amount(),
          "0",
          "What a terabyte (10^12 bytes) scanned costs; above 0, answers tell a query's cost.");
  public static final Setting<Duration> QUERY_TIMEOUT =
      span("query.timeout", "60s", "100ms", "1d", "Time for a query that names none.");
  public static final Setting<Duration> QUERY_MAX_TIMEOUT =
      span("query.max_timeout", "10m", "100ms", "1d", "Time that a query may name at most.");
  public static final Setting<Long> QUERY_RESULTS_LIMIT =
      size("query.results_limit", "1GiB", "1MiB", "16TiB", "Disk for asynchronous results.");

  private Settings() {}

  /** All settings, in the order of the reference. */
  public static List<Setting<?>> all() {
    return SettingKinds.declared();
  }

  /** The setting with this key. */
  public static Optional<Setting<?>> named(String key) {
    return SettingKinds.declared().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst();
  }

  private static String defaultData() {
    String home = System.getenv("WEIR_HOME");
    return home == null || home.isBlank() ? "data" : Path.of(home, "data").toString();
  }
}
