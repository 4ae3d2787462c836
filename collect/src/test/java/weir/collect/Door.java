package weir.collect;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import weir.decode.ContentEncoding;
import weir.decode.Decoded;
import weir.decode.Decoder;
import weir.decode.Decoders;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.decode.SegmentDecoder;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;

/** A collector on a free port, its log, and a client. */
final class Door implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-02-03T04:05:06.123456Z");
  static final String BASIC = basic("key-1:");

  final EventLog log;
  final MockClock ticker = new MockClock();
  final KeyUsage usage;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, ticker);
  final Collector collector;
  volatile KeyRing ring =
      new KeyRing(
          List.of(
              new WriteKey("key-1", "shop", "web", true),
              new WriteKey("key-2", "shop", "old", false)));
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Door(EventLog log) throws IOException {
    this(log, options());
  }

  Door(EventLog log, CollectorOptions options) throws IOException {
    this(log, options, SitePaths.none());
  }

  Door(EventLog log, CollectorOptions options, SitePaths site) throws IOException {
    this(log, options, site, KeyUsage.inMemory(() -> NOW));
  }

  Door(EventLog log, CollectorOptions options, SitePaths site, KeyUsage usage) throws IOException {
    this(log, options, site, usage, Decoders.all(SegmentDecoder.MAX_EVENT_BYTES));
  }

  Door(EventLog log, CollectorOptions options, List<Decoder> decoders) throws IOException {
    this(log, options, SitePaths.none(), KeyUsage.inMemory(() -> NOW), decoders);
  }

  private Door(
      EventLog log,
      CollectorOptions options,
      SitePaths site,
      KeyUsage usage,
      List<Decoder> decoders)
      throws IOException {
    this.log = log;
    this.usage = usage;
    this.collector =
        Collector.start(
            options, List.of(log), () -> ring, usage, decoders, site, () -> NOW, meters);
  }

  /** One whose raw log has these partitions; {@link #log} is the first of them. */
  Door(List<? extends EventLog> partitions, CollectorOptions options, List<Decoder> decoders)
      throws IOException {
    this.log = partitions.getFirst();
    this.usage = KeyUsage.inMemory(() -> NOW);
    this.collector =
        Collector.start(
            options,
            List.copyOf(partitions),
            () -> ring,
            usage,
            decoders,
            SitePaths.none(),
            () -> NOW,
            meters);
  }

  static CollectorOptions options() {
    return CollectorOptions.defaults("127.0.0.1", 0).withEventLoops(2);
  }

  static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  static String track(String event) {
    return "{\"type\":\"track\",\"event\":\"" + event + "\",\"userId\":\"u\"}";
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Posts with the right key; headers come as name, value, ... */
  HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException {
    HttpRequest.Builder request =
        to(path).header("Authorization", BASIC).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  HttpResponse<String> post(String path, String body, String... headers) throws IOException {
    return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Posts a batch with a key; headers come as name, value, ... */
  HttpResponse<String> postAs(String key, String body, String... headers) throws IOException {
    HttpRequest.Builder request =
        to("/v1/batch")
            .header("Authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  HttpResponse<String> get(String path) throws IOException {
    return send(to(path).GET());
  }

  Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", collector.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  List<RawRequest> stored() throws IOException {
    return stored(log);
  }

  static List<RawRequest> stored(EventLog log) throws IOException {
    List<RawRequest> requests = new ArrayList<>();
    RawRequestCodec codec = new RawRequestCodec();
    try (LogReader reader = log.read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        requests.add(codec.decode(((LogEntry.Frame) entry).payload()));
      }
    }
    return requests;
  }

  List<Decoded> decoded() throws IOException {
    List<Decoded> all = new ArrayList<>();
    SegmentDecoder decoder = new SegmentDecoder();
    for (RawRequest request : stored()) {
      byte[] body =
          ContentEncoding.of(request.header("content-encoding")).decode(request.body(), 1 << 30);
      decoder.decode(request, body, all::add);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    if (log instanceof HeldLog held) {
      held.letGo();
    }
    collector.close();
    log.close();
  }
}
