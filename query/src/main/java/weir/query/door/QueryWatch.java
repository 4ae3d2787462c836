package weir.query.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.query.QueryError;

/**
 * Ends queries that have had their time, and the process when a query does not let itself be ended:
 * native code that does not look at its interrupt can be stopped in no other way. Whoever
 * supervises the process starts it again. On a busy machine a query that would end gets no
 * processor for a while: the process is halted once it has run for so long, not once so much time
 * has passed.
 *
 * <p>Memory alike: a value may grow past the engine's own bound, so when the process holds more
 * than it may, what runs is ended; when it holds half as much again, or does not fall below within
 * the overrun, the process is halted.
 *
 * <p>Before it halts, those who wait for an answer get it: a query that did not let itself be ended
 * is to blame, and its caller hears so; the others hear that they are lost.
 */
final class QueryWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryWatch.class);
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;

  /** How long answers have to leave the process before it is halted. */
  static final Duration LAST_WORDS = Duration.ofMillis(150);

  /** What does not end within so long after its interrupt does not heed it. */
  private static final Duration HEED = Duration.ofMillis(500);

  /** A query that needs no processor either does not end, after so many times its overrun. */
  private static final int IDLE_OVERRUNS = 10;

  private final QueryService service;
  private final QueryOptions options;
  private final LongSupplier ticker;
  private final LongSupplier cpu;
  private final ProcessHalt halt;

  /** What the process had run when queries were first seen to have ended. */
  private final Map<RunningQuery, Long> endedAt = new IdentityHashMap<>();

  private OptionalLong unloadableSince = OptionalLong.empty();
  private OptionalLong tooLargeSince = OptionalLong.empty();
  private OptionalLong givenUpSince = OptionalLong.empty();
  private int exitCode;

  /**
   * @param cpu for how many nanoseconds the process has run
   */
  QueryWatch(
      QueryService service,
      QueryOptions options,
      LongSupplier ticker,
      LongSupplier cpu,
      ProcessHalt halt) {
    this.cpu = cpu;
    this.service = service;
    this.options = options;
    this.ticker = ticker;
    this.halt = halt;
  }

  /** For how long this process has run; time as it passes where the system does not say. */
  static LongSupplier processCpu(LongSupplier ticker) {
    ProcessHandle self = ProcessHandle.current();
    return () -> self.info().totalCpuDuration().map(Duration::toNanos).orElseGet(ticker::getAsLong);
  }

  /** Looks once; to be called some tens of times a second. Throws nothing, so that it goes on. */
  @Override
  public void run() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.error("The watch over queries failed; it looks again", e);
    }
  }

  private void look() {
    if (givenUpSince.isPresent()) {
      if (ticker.getAsLong() - givenUpSince.getAsLong() >= LAST_WORDS.toNanos()) {
        halt.halt(exitCode);
      }
      return;
    }
    service.expire();
    memory();
    engine();
    endedAt.keySet().retainAll(service.running());
    for (RunningQuery query : service.running()) {
      query.boundFile(options.keptBytes());
      if (query.deadline().enforce() && goesOn(query)) {
        LOG.error("Query {} does not end; halting", query.key());
        giveUp(ProcessHalt.OVERRUN);
      }
    }
  }

  /** Whether a query that has ended had what it takes to heed that, and did not. */
  private boolean goesOn(RunningQuery query) {
    long run = cpu.getAsLong();
    long before = endedAt.computeIfAbsent(query, added -> run);
    Duration overrun = query.deadline().overrun();
    return overrun.compareTo(options.overrun()) > 0
        && (run - before >= options.overrun().toNanos()
            || overrun.compareTo(options.overrun().multipliedBy(IDLE_OVERRUNS)) > 0);
  }

  /** Halts a process whose engine cannot be loaded, once its clients have heard so. */
  private void engine() {
    if (!service.isUnloadable()) {
      return;
    }
    if (unloadableSince.isEmpty()) {
      unloadableSince = OptionalLong.of(ticker.getAsLong());
    }
    if (ticker.getAsLong() - unloadableSince.getAsLong() >= LAST_WORDS.toNanos()) {
      LOG.error("The engine could not be loaded; halting");
      halt.halt(ProcessHalt.UNLOADABLE);
    }
  }

  private void memory() {
    long limit = options.residentBytes();
    long resident = limit == 0 ? 0 : residentBytes();
    if (resident <= limit) {
      tooLargeSince = OptionalLong.empty();
      return;
    }
    long now = ticker.getAsLong();
    if (tooLargeSince.isEmpty()) {
      LOG.warn("{} bytes resident, {} allowed; ending all queries", resident, limit);
      tooLargeSince = OptionalLong.of(now);
    }
    service.running().forEach(query -> query.deadline().end(QueryError.OUT_OF_MEMORY));
    boolean stays = now - tooLargeSince.getAsLong() > options.overrun().toNanos();
    if (stays || resident > limit + limit / 2) {
      LOG.error("{} bytes resident, {} allowed; halting", resident, limit);
      giveUp(ProcessHalt.OUT_OF_MEMORY);
    }
  }

  private void giveUp(int code) {
    if (givenUpSince.isPresent()) {
      return;
    }
    boolean anyStuck = service.running().stream().anyMatch(QueryWatch::isStuck);
    service.giveUp(query -> !anyStuck || isStuck(query));
    givenUpSince = OptionalLong.of(ticker.getAsLong());
    exitCode = code;
  }

  private static boolean isStuck(RunningQuery query) {
    return query.deadline().overrun().compareTo(HEED) > 0;
  }

  /** Memory that this process holds, without mapped files; 0 where the system does not say. */
  private static long residentBytes() {
    try {
      String[] fields = Files.readString(STATM).split(" ");
      return (Long.parseLong(fields[1]) - Long.parseLong(fields[2])) * PAGE_BYTES;
    } catch (IOException e) {
      return 0;
    }
  }
}
