package weir.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends queries at their time, and the process when a query does not let itself be ended: native
 * code that does not look at its interrupt can be stopped in no other way. Whoever supervises the
 * process starts it again.
 *
 * <p>Memory alike: a value may grow past the engine's own bound, so when the process holds more
 * than it may, what runs is ended; when it holds half as much again, or does not fall below within
 * the overrun, the process is halted.
 */
final class QueryWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryWatch.class);
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;

  private final QueryService service;
  private final QueryOptions options;
  private final LongSupplier ticker;
  private final ProcessHalt halt;
  private OptionalLong unloadableSince = OptionalLong.empty();
  private OptionalLong tooLargeSince = OptionalLong.empty();

  QueryWatch(QueryService service, QueryOptions options, LongSupplier ticker, ProcessHalt halt) {
    this.service = service;
    this.options = options;
    this.ticker = ticker;
    this.halt = halt;
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
    service.expire();
    memory();
    engine();
    for (RunningQuery query : service.running()) {
      query.boundFile(options.keptBytes());
      boolean ended = query.deadline().enforce();
      if (ended && query.deadline().overrun().compareTo(options.overrun()) > 0) {
        LOG.error("Query {} does not end; halting", query.key());
        halt.halt(ProcessHalt.OVERRUN);
      }
    }
  }

  /** Halts a process whose engine cannot be loaded, once its clients have heard so. */
  private void engine() {
    if (!service.isUnloadable()) {
      return;
    }
    if (unloadableSince.isEmpty()) {
      unloadableSince = OptionalLong.of(ticker.getAsLong());
    }
    if (ticker.getAsLong() - unloadableSince.getAsLong() > options.overrun().toNanos()) {
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
      halt.halt(ProcessHalt.OUT_OF_MEMORY);
    }
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
