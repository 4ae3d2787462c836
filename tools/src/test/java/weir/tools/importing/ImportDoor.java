package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A door that keeps events by their ids, and answers, from a seed, also 429, 503 and nothing at
 * all, before or after it has kept a batch.
 */
final class ImportDoor implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Random random;
  private final int troublePercent;
  private final Map<String, JsonNode> events = new LinkedHashMap<>();
  private int requests;
  private volatile int closeAfter = Integer.MAX_VALUE;

  ImportDoor(long seed, int troublePercent) throws IOException {
    this.random = new Random(seed);
    this.troublePercent = troublePercent;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From so many requests on it answers 503 to all. */
  void refuseAfter(int count) {
    closeAfter = count;
  }

  synchronized List<JsonNode> events() {
    return new ArrayList<>(events.values());
  }

  synchronized int requests() {
    return requests;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().equals("/health")) {
        answer(exchange, 200, "{}");
        return;
      }
      requests++;
      if (requests > closeAfter) {
        answer(exchange, 503, "{\"error\":{\"code\":\"full\",\"message\":\"the log is full\"}}");
        return;
      }
      int dice = random.nextInt(100);
      if (dice < troublePercent / 3) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, dice % 2 == 0 ? 429 : 503, "{}");
        return;
      }
      int count = keep(JSON.readTree(body));
      if (dice < troublePercent) {
        return; // the connection ends without an answer
      }
      answer(exchange, 200, "{\"success\":true,\"accepted\":" + count + ",\"quarantined\":[]}");
    }
  }

  private int keep(JsonNode body) {
    JsonNode batch = body.path("batch");
    for (JsonNode event : batch) {
      events.putIfAbsent(event.path("messageId").asText(), event);
    }
    return batch.size();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
