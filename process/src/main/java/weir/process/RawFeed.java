package weir.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.Position;

/**
 * Reads the raw log, has it decoded on several threads, and hands the results out in raw order. A
 * bounded number of raw bytes is read and not yet given back.
 */
final class RawFeed implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RawFeed.class);
  private static final int CHUNK_ENTRIES = 64;
  private static final long CHUNK_BYTES = 256 << 10;
  private static final int QUEUED_CHUNKS = 16;
  private static final Duration LOOK = Duration.ofMillis(100);

  private final EventLog raw;
  private final Position from;
  private final EntryDecoding decoding;
  private final long maxBytes;
  private final Ending ending;
  private final ExecutorService decoders;
  private final BlockingQueue<Future<Chunk>> chunks = new ArrayBlockingQueue<>(QUEUED_CHUNKS);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition givenBack = lock.newCondition();
  private long bytesOut;

  /** Entries that follow each other, and the raw bytes to give back for them. */
  record Chunk(List<DecodedEntry> entries, long bytes) {}

  RawFeed(
      EventLog raw, Position from, EntryDecoding decoding, ProcessOptions options, Ending ending) {
    this.raw = raw;
    this.from = from;
    this.decoding = decoding;
    this.maxBytes = options.inFlightBytes();
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

  private boolean readChunk(LogReader reader) throws IOException, InterruptedException {
    List<LogEntry> entries = new ArrayList<>();
    long bytes = 0;
    while (entries.size() < CHUNK_ENTRIES && bytes < CHUNK_BYTES) {
      LogEntry entry = reader.next();
      if (entry == null) {
        break;
      }
      entries.add(entry);
      bytes += entry.next().value() - entry.position().value();
    }
    if (entries.isEmpty()) {
      return false;
    }
    acquire(bytes);
    submit(entries, bytes);
    return true;
  }

  private void submit(List<LogEntry> entries, long bytes) throws InterruptedException {
    Callable<Chunk> decode =
        () -> new Chunk(entries.stream().map(decoding::decode).toList(), bytes);
    Future<Chunk> chunk = decoders.submit(decode);
    while (!chunks.offer(chunk, LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      checkAsked();
    }
  }

  private void checkAsked() {
    if (ending.isAsked()) {
      throw new Ending.Stopped();
    }
  }

  private void acquire(long bytes) throws InterruptedException {
    lock.lock();
    try {
      while (bytesOut > 0 && bytesOut + bytes > maxBytes) {
        checkAsked();
        givenBack.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      }
      bytesOut += bytes;
    } finally {
      lock.unlock();
    }
  }

  /** The next entries in raw order; null if there are none in time. */
  @Nullable Chunk poll(long nanos) throws InterruptedException, ExecutionException {
    Future<Chunk> chunk = chunks.poll(nanos, TimeUnit.NANOSECONDS);
    return chunk == null ? null : chunk.get();
  }

  /** Says that a chunk's entries are no longer needed. */
  void giveBack(Chunk chunk) {
    lock.lock();
    try {
      bytesOut -= chunk.bytes();
      givenBack.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
