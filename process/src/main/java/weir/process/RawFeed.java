package weir.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;

/**
 * Reads the raw log, has it decoded on several threads, and hands the results out in raw order.
 *
 * <p>What that takes in memory is bounded, whatever is sent: a small compressed request may decode
 * to very much. Before entries are decoded, an allowance is taken from the bound; what they turn
 * out not to need is given back at once, the rest when they are decided. A request that does not
 * fit into the allowance is left alone until its turn comes: it is then decoded in slices, one such
 * request at a time, while its slices are decided.
 */
final class RawFeed implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RawFeed.class);
  private static final int CHUNK_ENTRIES = 64;
  private static final long CHUNK_BYTES = 256 << 10;
  private static final int QUEUED_CHUNKS = 16;
  private static final int SHARES = 7;
  private static final long MAX_SLICE = 1 << 20;
  static final Duration LOOK = Duration.ofMillis(100);

  private final EventLog raw;
  private final Position from;
  private final EntryDecoding decoding;
  private final long allowance;
  private final InFlight inFlight;
  private final Ending ending;
  private final ExecutorService decoders;
  private final BlockingQueue<Future<List<Part>>> chunks = new ArrayBlockingQueue<>(QUEUED_CHUNKS);

  /** The chunk that is being handed out. */
  private final Queue<Part> parts = new ArrayDeque<>();

  private @Nullable LargeRequest large;

  /** Entries that follow each other, and what to give back for them. */
  record Chunk(List<DecodedEntry> entries, long charge) {}

  private sealed interface Part {
    record Ready(Chunk chunk) implements Part {}

    record Large(LogEntry.Frame frame) implements Part {}
  }

  RawFeed(
      EventLog raw, Position from, EntryDecoding decoding, ProcessOptions options, Ending ending) {
    this.raw = raw;
    this.from = from;
    this.decoding = decoding;
    this.inFlight = new InFlight(options.inFlightBytes());
    this.allowance = options.inFlightBytes() / (SHARES + options.decoders());
    this.ending = ending;
    ThreadFactory threads = Thread.ofPlatform().name("weir-process-decode-", 0).daemon().factory();
    this.decoders = Executors.newFixedThreadPool(options.decoders(), threads);
  }

  @Override
  public void run() {
    try (LogReader reader = raw.read(from)) {
      while (!ending.isAsked()) {
        if (!readChunk(reader)) {
          reader.await(LOOK);
        }
      }
    } catch (Ending.Stopped e) {
      LOG.debug("reading ends with the processor");
    } catch (IOException | RuntimeException | InterruptedException e) {
      ending.fail(e);
    } finally {
      decoders.shutdown();
    }
  }

  int partition() {
    return raw.partition();
  }

  private boolean readChunk(LogReader reader) throws IOException, InterruptedException {
    List<LogEntry> entries = new ArrayList<>();
    long bytes = 0;
    while (entries.size() < CHUNK_ENTRIES && bytes < CHUNK_BYTES) {
      LogEntry entry = reader.next();
      if (entry == null) {
        break;
      }
      entries.add(entry);
      bytes += entry.length();
    }
    if (entries.isEmpty()) {
      return false;
    }
    long charge = bytes + allowance;
    inFlight.take(charge, ending);
    Future<List<Part>> chunk = decoders.submit(() -> decode(entries, charge));
    while (!chunks.offer(chunk, LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      ending.checkAsked();
    }
    return true;
  }

  private List<Part> decode(List<LogEntry> entries, long charge) {
    int largestBody = (int) Math.min(allowance / 4, Integer.MAX_VALUE / 2);
    List<@Nullable DecodedEntry> wholes = new ArrayList<>(entries.size());
    long left = allowance;
    for (LogEntry entry : entries) {
      DecodedEntry whole = decoding.decode(entry, left, largestBody);
      wholes.add(whole);
      left -= whole == null ? 0 : whole.cost();
    }
    wholes = decoding.throughPlugins(wholes, allowance);
    List<Part> decoded = new ArrayList<>();
    List<DecodedEntry> ready = new ArrayList<>();
    long kept = 0;
    for (int i = 0; i < wholes.size(); i++) {
      DecodedEntry whole = wholes.get(i);
      if (whole != null) {
        ready.add(whole);
      } else if (entries.get(i) instanceof LogEntry.Frame frame) {
        kept += flush(ready, decoded) + frame.payload().length;
        ready = new ArrayList<>();
        decoded.add(new Part.Large(frame));
      }
    }
    kept += flush(ready, decoded);
    inFlight.giveBack(charge - kept);
    return decoded;
  }

  private static long flush(List<DecodedEntry> ready, List<Part> decoded) {
    long cost = ready.stream().mapToLong(DecodedEntry::cost).sum();
    if (!ready.isEmpty()) {
      decoded.add(new Part.Ready(new Chunk(ready, cost)));
    }
    return cost;
  }

  /** The next entries in raw order; null if there are none in time. */
  @Nullable Chunk poll(long nanos) throws InterruptedException, ExecutionException {
    if (large != null) {
      return slice(large, nanos);
    }
    if (parts.isEmpty()) {
      Future<List<Part>> chunk = chunks.poll(nanos, TimeUnit.NANOSECONDS);
      if (chunk == null) {
        return null;
      }
      parts.addAll(chunk.get());
    }
    return switch (parts.remove()) {
      case Part.Ready ready -> ready.chunk();
      case Part.Large request -> {
        long cost = Math.clamp(allowance, 1, MAX_SLICE);
        large = LargeRequest.start(decoding, request.frame(), cost, ending);
        yield slice(large, nanos);
      }
    };
  }

  private @Nullable Chunk slice(LargeRequest request, long nanos)
      throws InterruptedException, ExecutionException {
    DecodedEntry slice = request.poll(nanos);
    if (slice == null) {
      return null;
    }
    if (!slice.last()) {
      return new Chunk(List.of(slice), 0);
    }
    large = null;
    return new Chunk(List.of(slice), request.bytes());
  }

  /** Says that a chunk's entries are no longer needed. */
  void giveBack(Chunk chunk) {
    inFlight.giveBack(chunk.charge());
  }
}
