package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How soon events reach those who read the stream, while many wait for events that never come and
 * many read all of them; and whether the collector takes as many meanwhile.
 *
 * <p>Ten marked events a second are sent by themselves; some of the readers look for them, the
 * others pass over what they get, since on one machine their work is taken from Weir's.
 */
final class StreamReaders {
  private static final double LONGEST_SECONDS = 1;
  private static final double LEAST_SHARE = 0.9;
  private static final int LOOKING = 5;

  /** What a processor's cache holds: readers stand for other machines, and should cost little. */
  private static final int READ_BYTES = 256 << 10;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration MARK_EVERY = Duration.ofMillis(100);
  private static final byte[] MARK = "\"event_id\":\"mark-".getBytes(StandardCharsets.US_ASCII);

  private final Path data;
  private final int idle;
  private final int busy;
  private final int perSecond;
  private final Duration length;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;
  private final Map<Long, Long> marked = new ConcurrentHashMap<>();
  private final List<Double> delays = new ArrayList<>();
  private final CountDownLatch opened;
  private final byte[] looked = new byte[READ_BYTES];
  private volatile boolean ended;
  private volatile long bytes;

  private static final class Reader {
    final boolean looks;
    boolean served;

    Reader(boolean looks) {
      this.looks = looks;
    }
  }

  StreamReaders(
      Path data,
      int idle,
      int busy,
      int perSecond,
      Duration length,
      InstantSource clock,
      LongSupplier ticker,
      PrintStream out) {
    this.data = data;
    this.idle = idle;
    this.busy = busy;
    this.opened = new CountDownLatch(idle + busy);
    this.perSecond = perSecond;
    this.length = length;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  void run(Figures figures) throws IOException, InterruptedException, TimeoutException {
    try (WeirProcess weir = WeirProcess.start(data, Map.of("log.raw_limit", "32GiB"))) {
      double alone = accepted(weir, 2);
      Thread readers = Thread.ofPlatform().daemon().name("readers").start(() -> read(weir));
      long began = ticker.getAsLong();
      if (!opened.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new TimeoutException(opened.getCount() + " readers are not served");
      }
      figures.note("seconds until all read", (ticker.getAsLong() - began) / 1e9);
      bytes = 0;
      double beside = accepted(weir, 3);
      ended = true;
      readers.join();
      figures.note("MB a second to readers", bytes / 1e6 / length.toSeconds());
      out.printf("%,.0f events a second taken without readers, %,.0f with%n", alone, beside);
      figures.atLeast("events taken with readers, of those without", beside / alone, LEAST_SHARE);
    }
    List<Double> sorted = delays.stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new IOException("no reader got a marked event");
    }
    figures.note("marked events that were delivered", sorted.size());
    figures.atMost("delivery, p99, s", at(sorted, 0.99), LONGEST_SECONDS);
    figures.note("delivery, median, s", at(sorted, 0.5));
    figures.note("delivery, longest, s", sorted.getLast());
  }

  private static double at(List<Double> sorted, double part) {
    return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(part * sorted.size())));
  }

  /** Events a second that the collector takes at the steady rate. */
  private double accepted(WeirProcess weir, long seed) throws InterruptedException {
    try (SteadyLoad load = new SteadyLoad(weir)) {
      Thread sending =
          Thread.ofPlatform().daemon().start(() -> load.run(perSecond, seed, clock, ticker));
      Thread marks = Thread.ofPlatform().daemon().start(() -> mark(load));
      long began = ticker.getAsLong();
      LockSupport.parkNanos(length.toNanos());
      load.end();
      sending.join();
      marks.join();
      double seconds = (ticker.getAsLong() - began) / 1e9;
      return load.accepted() / seconds;
    }
  }

  private void mark(SteadyLoad load) {
    long next = ticker.getAsLong();
    while (!load.ended()) {
      long number = ticker.getAsLong();
      marked.put(number, number);
      String event =
          "[{\"type\":\"track\",\"event\":\"mark\",\"userId\":\"m\",\"messageId\":\"mark-"
              + number
              + "\"}]";
      load.post(event.getBytes(StandardCharsets.UTF_8), 1);
      next += MARK_EVERY.toNanos();
      LockSupport.parkNanos(Math.max(0, next - ticker.getAsLong()));
    }
  }

  private void read(WeirProcess weir) {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < idle + busy; i++) {
        String filter = i < idle ? "?events=never" : "";
        SocketChannel channel =
            SocketChannel.open(new InetSocketAddress("127.0.0.1", weir.apiPort()));
        String request =
            "GET /api/v1/stream%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(filter, weir.apiKey());
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        channel.register(
            selector, SelectionKey.OP_READ, new Reader(i >= idle && i < idle + LOOKING));
      }
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      while (!ended) {
        selector.select(
            key -> {
              try {
                take(key, buffer);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            100);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException | UncheckedIOException e) {
      out.println("the readers ended: " + e);
    }
  }

  private void take(SelectionKey key, ByteBuffer buffer) throws IOException {
    buffer.clear();
    int read = ((SocketChannel) key.channel()).read(buffer);
    if (read < 0) {
      throw new IOException("the stream ended");
    }
    bytes = bytes + read;
    Reader reader = (Reader) key.attachment();
    if (!reader.served) {
      reader.served = true;
      opened.countDown();
    }
    if (reader.looks) {
      buffer.flip().get(looked, 0, read);
      look(looked, read);
    }
  }

  /** A mark that two reads cut apart is passed over: others come. */
  private void look(byte[] read, int length) {
    for (int i = 0; i + MARK.length < length; i++) {
      if (read[i] == '"' && isMark(read, i)) {
        int from = i + MARK.length;
        int to = from;
        while (to < length && read[to] >= '0' && read[to] <= '9') {
          to++;
        }
        if (to < length && to > from) {
          Long at =
              marked.get(
                  Long.parseLong(new String(read, from, to - from, StandardCharsets.US_ASCII)));
          if (at != null) {
            delays.add((ticker.getAsLong() - at) / 1e9);
          }
        }
        i = to - 1;
      }
    }
  }

  private static boolean isMark(byte[] read, int from) {
    for (int i = 0; i < MARK.length; i++) {
      if (read[from + i] != MARK[i]) {
        return false;
      }
    }
    return true;
  }
}
