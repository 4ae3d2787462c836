package weir.server.roles;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.process.Ledger;
import weir.process.LedgerDatabase;
import weir.process.LedgerRow;
import weir.process.LogRelease;
import weir.server.directory.HeldLock;

/** The ledger, and the release of what all holders of the logs have passed. */
final class Bookkeeping {
  private static final Logger LOG = LoggerFactory.getLogger(Bookkeeping.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LEDGER_EVERY = Duration.ofMillis(250);
  private static final Duration RELEASE_EVERY = Duration.ofSeconds(1);

  private final Ledger ledger;

  private Bookkeeping(Ledger ledger) {
    this.ledger = ledger;
  }

  /** How a project's ledger stands. */
  record Balance(boolean balanced, long accepted, long inFlight) {
    static Balance of(List<LedgerRow> rows) {
      return new Balance(
          rows.stream().allMatch(LedgerRow::balanced),
          rows.stream().mapToLong(LedgerRow::accepted).sum(),
          rows.stream().mapToLong(LedgerRow::inFlight).sum());
    }
  }

  static Bookkeeping start(RoleContext context, Pipeline pipeline) throws IOException {
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
                pipeline.writer()::holdsFrom,
                LEDGER_EVERY,
                context.metrics()));
    startReleasing(stoppables, pipeline, ledger, context.directory().releaseLock());
    return new Bookkeeping(ledger);
  }

  private static void startReleasing(
      Stoppables stoppables, Pipeline pipeline, Ledger ledger, Path lock) {
    LogRelease raw =
        new LogRelease(
            pipeline.raw(), List.of(pipeline.processor()::holdsRawFrom, ledger::rawHoldsFrom));
    LogRelease clean =
        new LogRelease(
            pipeline.clean(),
            List.of(
                pipeline.processor()::holdsCleanFrom,
                pipeline.writer()::holdsFrom,
                ledger::cleanHoldsFrom));
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

  /** Completes exceptionally when the ledger cannot go on. */
  CompletableFuture<Void> failure() {
    return ledger.ended();
  }

  /** The answer of GET /api/v1/ledger. */
  String ledgerJson(String project, Instant from, Instant to) {
    List<LedgerRow> rows = ledger.rows(project, from, to);
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("rows");
    for (LedgerRow row : rows) {
      ObjectNode one =
          list.addObject()
              .put("minute", row.minute().toString())
              .put("source", row.source())
              .put("accepted", row.accepted())
              .put("derived", row.derived())
              .put("loaded", row.loaded())
              .put("quarantined", row.quarantined())
              .put("duplicate", row.duplicate());
      ObjectNode dropped = one.putObject("dropped");
      row.dropped().forEach(dropped::put);
      one.put("in_flight", row.inFlight());
    }
    return answer.put("balanced", Balance.of(rows).balanced()).toString();
  }

  /** How the default project's ledger stands, over all time. */
  Balance balance() {
    return Balance.of(
        ledger.rows("default", Instant.EPOCH, Instant.ofEpochSecond(Integer.MAX_VALUE * 60L)));
  }
}
