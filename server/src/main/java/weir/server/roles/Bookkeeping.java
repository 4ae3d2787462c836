package weir.server.roles;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.Settings;
import weir.directory.HeldLock;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.reading.LakeReader;
import weir.log.PartitionedLog;
import weir.process.Ledger;
import weir.process.LedgerDatabase;
import weir.process.LedgerPage;
import weir.process.LedgerRow;
import weir.process.LedgerTotals;
import weir.process.LogRelease;
import weir.server.api.LedgerQuestion;
import weir.tap.LogHold;

/** The ledger, and the release of what all holders of the logs have passed. */
final class Bookkeeping {
  private static final Logger LOG = LoggerFactory.getLogger(Bookkeeping.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LEDGER_EVERY = Duration.ofMillis(250);
  private static final Duration RELEASE_EVERY = Duration.ofSeconds(1);

  private final Ledger ledger;
  private final LakeReader lake;
  private final Supplier<List<String>> projects;

  private @Nullable Checked checked;

  /** What was wrong with the tables at a state of the lake. */
  private record Checked(long revision, Optional<String> problem) {}

  private Bookkeeping(Ledger ledger, LakeReader lake, Supplier<List<String>> projects) {
    this.ledger = ledger;
    this.lake = lake;
    this.projects = projects;
  }

  /**
   * Starts both.
   *
   * @param projects their names
   */
  static Bookkeeping start(RoleContext context, Pipeline pipeline, Supplier<List<String>> projects)
      throws IOException {
    Stoppables stoppables = context.stoppables();
    LedgerDatabase database =
        stoppables.add("ledger database", LedgerDatabase.open(context.directory().ledger()));
    Ledger ledger =
        stoppables.add(
            "ledger",
            Ledger.start(
                database,
                pipeline.raw(),
                pipeline.clean(),
                () -> pipeline.writer().holdsFrom().of(pipeline.clean().partition()),
                LEDGER_EVERY,
                InstantSource.system(),
                context.metrics()));
    LogHold taps =
        new LogHold(
            pipeline.clean(),
            context.configuration().get(Settings.TAPS_AGE),
            context.configuration().get(Settings.TAPS_HELD_LOG),
            InstantSource.system(),
            System::nanoTime);
    startReleasing(stoppables, pipeline, ledger, taps, context.directory().releaseLock());
    return new Bookkeeping(ledger, pipeline.lake().reader(), projects);
  }

  private static void startReleasing(
      Stoppables stoppables, Pipeline pipeline, Ledger ledger, LogHold taps, Path lock) {
    LogRelease raw =
        new LogRelease(
            PartitionedLog.of(pipeline.raw()),
            List.of(only(pipeline.processor()::holdsRawFrom), only(ledger::rawHoldsFrom)));
    LogRelease clean =
        new LogRelease(
            PartitionedLog.of(pipeline.clean()),
            List.of(
                only(pipeline.processor()::holdsCleanFrom),
                pipeline.writer()::holdsFrom,
                only(ledger::cleanHoldsFrom),
                only(taps::holdsFrom)));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("log-release").daemon().factory());
    long millis = RELEASE_EVERY.toMillis();
    timer.scheduleWithFixedDelay(
        () -> {
          try (HeldLock mayRelease = HeldLock.tryAcquire(lock).orElse(null)) {
            if (mayRelease != null) {
              raw.run();
              clean.run();
            }
          } catch (IOException e) {
            LOG.warn("cannot tell whether a backup holds the logs; they are released later", e);
          }
        },
        millis,
        millis,
        TimeUnit.MILLISECONDS);
    stoppables.add("log release", timer);
  }

  /** A holder of the only partition. */
  private static Supplier<Positions> only(Supplier<Position> holder) {
    return () -> Positions.of(holder.get());
  }

  /** Completes exceptionally when the ledger cannot go on. */
  CompletableFuture<Void> failure() {
    return ledger.ended();
  }

  /** The answer of GET /api/v1/ledger. */
  String ledgerJson(String project, LedgerQuestion question) throws IOException {
    LedgerPage page =
        ledger.page(project, question.from(), question.to(), question.after(), question.limit());
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("rows");
    for (LedgerRow row : page.rows()) {
      put(list.addObject(), row);
    }
    answer.put("balanced", ledger.balanced(project, question.from(), question.to()));
    answer.put("next_cursor", page.next().map(LedgerQuestion::cursor).orElse(null));
    LakeSnapshot tables = lake.snapshot(project);
    ObjectNode beside = answer.putObject("tables");
    put(beside.putObject("events"), tables.events());
    put(beside.putObject("bad_events"), tables.badEvents());
    return answer.toString();
  }

  private static void put(ObjectNode into, LedgerRow row) {
    into.put("minute", row.minute().toString())
        .put("span", row.span().label())
        .put("source", row.source())
        .put("accepted", row.accepted())
        .put("derived", row.derived())
        .put("loaded", row.loaded())
        .put("quarantined", row.quarantined())
        .put("duplicate", row.duplicate());
    ObjectNode dropped = into.putObject("dropped");
    row.dropped().forEach(dropped::put);
    into.put("in_flight", row.inFlight()).put("uncommitted", row.uncommitted());
  }

  /** What became of the rows after they were loaded, over all time. */
  private static void put(ObjectNode into, LakeTable table) {
    into.put("loaded", table.loadedTotal())
        .put("expired", table.expired())
        .put("duplicates_removed", table.duplicatesRemoved())
        .put("erased", table.erased())
        .put("rows", table.rows());
  }

  /**
   * What a project's tables lack or have too much by their own account, in words. Looked for again
   * after a commit only.
   */
  synchronized Optional<String> tableProblem() throws IOException {
    long revision = lake.revision();
    if (checked == null || checked.revision() != revision) {
      checked = new Checked(revision, findTableProblem());
    }
    return checked.problem();
  }

  private Optional<String> findTableProblem() throws IOException {
    for (String project : projects.get()) {
      LakeSnapshot tables = lake.snapshot(project);
      Optional<String> problem =
          problem(project, "events", tables.events())
              .or(() -> problem(project, "bad_events", tables.badEvents()));
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(String project, String name, LakeTable table) {
    long expected =
        table.loadedTotal() - table.expired() - table.duplicatesRemoved() - table.erased();
    if (table.rows() == expected) {
      return Optional.empty();
    }
    return Optional.of(
        "the table %s of the project %s holds %,d rows; %,d were loaded, %,d expired, %,d were erased and %,d were removed as"
                .formatted(
                    name,
                    project,
                    table.rows(),
                    table.loadedTotal(),
                    table.expired(),
                    table.erased(),
                    table.duplicatesRemoved())
            + " duplicates");
  }

  /** Whether the ledger lags, since its database cannot be written. */
  boolean isFailing() {
    return ledger.isFailing();
  }

  /** How the ledger of all projects stands, over all time. */
  LedgerTotals totals() {
    return ledger.totals(projects.get());
  }
}
