package weir.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Keeps a number of connections busy, each with one request at a time, from one thread and at
 * little cost: requests are made beforehand, and of an answer only the status and the length are
 * read.
 */
final class HttpLoad implements AutoCloseable {
  /** What came back: answers with status 200, other answers, and how long the former took. */
  record Result(long answered, long refused, Duration elapsed, Duration median, Duration p99) {
    double perSecond() {
      return answered / (elapsed.toNanos() / 1e9);
    }
  }

  private static final int LONGEST_ANSWER = 64 * 1024;
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final Selector selector;
  private final List<byte[]> requests;
  private final LongSupplier ticker;
  private final long[] latencies = new long[1 << 16];
  private int nextRequest;
  private long answered;
  private long refused;

  private static final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
    private ByteBuffer request = ByteBuffer.allocate(0);
    private long sentAt;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }
  }

  /**
   * Opens the connections.
   *
   * @param requests whole HTTP requests, sent in turn
   */
  HttpLoad(InetSocketAddress target, int connections, List<byte[]> requests, LongSupplier ticker)
      throws IOException {
    this.selector = Selector.open();
    this.requests = requests;
    this.ticker = ticker;
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open(target);
      channel.configureBlocking(false);
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
    }
  }

  /** A whole POST of a JSON body, on a connection that is kept alive. */
  static byte[] post(String path, String key, byte[] body) {
    String basic =
        java.util.Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic "
            + basic
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] request = Arrays.copyOf(headBytes, headBytes.length + body.length);
    System.arraycopy(body, 0, request, headBytes.length, body.length);
    return request;
  }

  /** Sends for a while, waits for the answers that are due then, and counts. */
  Result run(Duration duration) throws IOException {
    answered = 0;
    refused = 0;
    long start = ticker.getAsLong();
    long end = start + duration.toNanos();
    for (SelectionKey key : selector.keys()) {
      send((Connection) key.attachment(), key);
    }
    int busy = selector.keys().size();
    long now = start;
    while (busy > 0) {
      selector.select(1000);
      now = ticker.getAsLong();
      boolean more = now < end;
      for (SelectionKey key : selector.selectedKeys()) {
        busy -= serve(key, now, more);
      }
      selector.selectedKeys().clear();
    }
    return result(Duration.ofNanos(now - start));
  }

  private Result result(Duration elapsed) {
    int samples = (int) Math.min(answered, latencies.length);
    long[] sorted = Arrays.copyOf(latencies, samples);
    Arrays.sort(sorted);
    Duration median = Duration.ofNanos(samples == 0 ? 0 : sorted[samples / 2]);
    Duration p99 = Duration.ofNanos(samples == 0 ? 0 : sorted[(int) (samples * 0.99)]);
    return new Result(answered, refused, elapsed, median, p99);
  }

  private int serve(SelectionKey key, long now, boolean more) throws IOException {
    Connection connection = (Connection) key.attachment();
    if (key.isWritable()) {
      flush(connection, key);
    }
    if (!key.isReadable()) {
      return 0;
    }
    if (connection.channel.read(connection.answer) < 0) {
      throw new IOException("the server closed a connection");
    }
    int end = endOfAnswer(connection.answer);
    if (end < 0) {
      return 0;
    }
    byte[] bytes = connection.answer.array();
    if (bytes[9] == '2' && bytes[10] == '0' && bytes[11] == '0') {
      latencies[(int) (answered++ & (latencies.length - 1))] = now - connection.sentAt;
    } else {
      refused++;
    }
    connection.answer.clear();
    if (!more) {
      return 1;
    }
    send(connection, key);
    return 0;
  }

  private void send(Connection connection, SelectionKey key) throws IOException {
    connection.request = ByteBuffer.wrap(requests.get(nextRequest));
    nextRequest = nextRequest + 1 == requests.size() ? 0 : nextRequest + 1;
    connection.sentAt = ticker.getAsLong();
    flush(connection, key);
  }

  private static void flush(Connection connection, SelectionKey key) throws IOException {
    connection.channel.write(connection.request);
    boolean done = !connection.request.hasRemaining();
    key.interestOps(done ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  /** Where the answer ends, or -1 as long as it is not whole. */
  private static int endOfAnswer(ByteBuffer answer) throws IOException {
    byte[] bytes = answer.array();
    int size = answer.position();
    int length = -1;
    int line = 0;
    for (int i = 1; i < size; i++) {
      if (bytes[i] != '\n' || bytes[i - 1] != '\r') {
        continue;
      }
      if (i - line == 1) {
        if (length < 0) {
          throw new IOException("an answer without Content-Length");
        }
        return i + 1 + length <= size ? i + 1 + length : -1;
      }
      if (startsWithLength(bytes, line)) {
        length = number(bytes, line + LENGTH.length, i - 1);
      }
      line = i + 1;
    }
    return -1;
  }

  private static boolean startsWithLength(byte[] bytes, int at) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((bytes[at + i] | 0x20) != LENGTH[i] && bytes[at + i] != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private static int number(byte[] bytes, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        number = number * 10 + bytes[i] - '0';
      }
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
