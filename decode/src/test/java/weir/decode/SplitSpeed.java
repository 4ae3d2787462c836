package weir.decode;

import com.github.luben.zstd.Zstd;
import com.google.common.hash.Hashing;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import weir.event.EventHash;
import weir.testkit.EventGenerator;

/**
 * Measures what it costs to split a batch of a hundred events into twelve parts, beside reading and
 * decoding it. Run it by hand.
 */
final class SplitSpeed {
  private static final int EVENTS = 100;
  private static final int PARTITIONS = 12;
  private static final int BATCHES = 64;
  private static final int ROUNDS = 9;
  private static final int TIMES = 1_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final SegmentDecoder decoder = new SegmentDecoder();
  private final RawRequestCodec codec = new RawRequestCodec();
  private final List<RawRequest> requests;

  private SplitSpeed() {
    EventGenerator generator = new EventGenerator(1, Instant.parse("2026-01-10T12:00:00Z"));
    List<Header> headers = List.of(new Header("content-type", "application/json"));
    requests =
        Stream.generate(
                () -> EventGenerator.batch(Stream.generate(generator::next).limit(EVENTS).toList()))
            .limit(BATCHES)
            .map(body ->
                new RawRequest(
                    new UUID(1, 2),
                    "segment",
                    "shop",
                    "web",
                    "k",
                    "192.0.2.7",
                    1,
                    "/v1/batch",
                    "",
                    EVENTS,
                    headers,
                    body))
            .toList();
  }

  public static void main(String[] arguments) throws Exception {
    new SplitSpeed().run();
  }

  private void run() throws Exception {
    Map<String, ToIntFunction<RawRequest>> steps = new LinkedHashMap<>();
    steps.put(
        "inspect", request -> decoder.inspect(RequestHead.of(request), request.body()).hashCode());
    steps.put("outline", request -> outline(request).inspection().hashCode());
    steps.put("outline and parts", request -> parts(request).size());
    steps.put(
        "outline, parts, frames",
        request -> parts(request).stream().mapToInt(p -> codec.encode(p.request()).length).sum());
    steps.put(
        "outline, parts, zstd",
        request ->
            parts(request).stream()
                .mapToInt(p -> Zstd.compress(p.request().body(), 1).length)
                .sum());
    steps.put(
        "inspect, one frame",
        request ->
            decoder.inspect(RequestHead.of(request), request.body()).hashCode()
                + codec.encode(request).length);
    steps.put("decode the whole", this::decode);
    List<List<RequestParts.Part>> parts = requests.stream().map(this::parts).toList();
    int[] next = new int[1];
    steps.put(
        "decode the parts",
        request ->
            parts.get(next[0]++ % BATCHES).stream().mapToInt(p -> decode(p.request())).sum());
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    List<String> ids = Stream.generate(() -> UUID.randomUUID().toString()).limit(EVENTS).toList();
    steps.put("hash: SHA-256", request -> sum(ids, id -> EventHash.of("shop", id).partition(12)));
    steps.put("hash: MD5", request -> sum(ids, id -> md5.digest(bytes(id))[0]));
    steps.put(
        "hash: murmur3, 128 bits",
        request -> sum(ids, id -> (int) Hashing.murmur3_128().hashBytes(bytes(id)).asLong()));
    for (int round = 0; round < 2; round++) {
      steps.forEach((name, step) -> {
        double micros = measure(step);
        System.out.printf("%-24s %6.3f us an event%n", name, micros);
      });
    }
  }

  private static byte[] bytes(String id) {
    return ("shop\u00ff" + id).getBytes(StandardCharsets.UTF_8);
  }

  private static int sum(List<String> ids, ToIntFunction<String> hash) {
    return ids.stream().mapToInt(hash).sum();
  }

  private Outline outline(RawRequest request) {
    return decoder.outline(RequestHead.of(request), request.body());
  }

  private List<RequestParts.Part> parts(RawRequest request) {
    return RequestParts.of(request, outline(request).spans(), PARTITIONS);
  }

  private int decode(RawRequest request) {
    int[] taken = new int[1];
    decoder.decode(request, request.body(), event -> taken[0] += event.hashCode() | 1);
    return taken[0];
  }

  /** Of the best round. */
  private double measure(ToIntFunction<RawRequest> step) {
    double best = Double.MAX_VALUE;
    long kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < TIMES; i++) {
        kept += step.applyAsInt(requests.get(i % BATCHES));
      }
      best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / TIMES / EVENTS);
    }
    if (kept == 1) {
      throw new IllegalStateException();
    }
    return best;
  }
}
