package weir.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import weir.directory.DataDirectory;
import weir.testkit.FreePorts;
import weir.testkit.hostile.FileState;
import weir.testkit.hostile.Leaks;

/**
 * A running Weir with two projects, alike in their tables, with rows in the lake and in the tail,
 * as users reach it. Every text of a project's rows begins with a word that occurs nowhere else;
 * the own project has rows with another word too, which a limited key must not see.
 */
final class HostileDoors implements AutoCloseable {
  static final String OWN = "shop";
  static final String OWN_WORD = "qarvomel";
  static final String HIDDEN_WORD = "hyxtrofu";
  static final String OTHER_WORD = "zubwexin";
  static final String OTHER = OWN + "-" + OTHER_WORD;

  /** Events of each word. */
  static final int EVENTS = 24;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A way in. */
  enum Door {
    HTTP,
    SIMPLE,
    EXTENDED
  }

  /**
   * Who asks.
   *
   * @param word what begins with it they must not see
   */
  record Asker(String key, boolean limited, String word) {}

  /**
   * What a statement came to.
   *
   * @param code of its error, as its door has it; empty if it was answered
   */
  record Seen(String code, String text) {}

  private final Path data;
  private final Path scratch;
  private final int postgres;
  private final RunningWeir weir;
  private final ApiCalls calls;
  private final String ownAdmin;
  private final String otherKey;
  private final Set<String> forbidden = new HashSet<>();

  HostileDoors(Path dir) throws IOException {
    Path real = dir.toRealPath();
    data = real.resolve("data");
    scratch = Files.createDirectories(real.resolve("scratch"));
    Files.writeString(scratch.resolve("secret.csv"), "a,b\n" + OTHER_WORD + "file,1\n");
    postgres = FreePorts.next();
    Path config = real.resolve("weir.yaml");
    Files.writeString(
        config,
        """
        api: {postgres_port: %d, query_wait: 1m}
        query: {timeout: 2s, statement_limit: 700MiB, memory: 128MiB, statement_heap: 128MiB}
        """
            .formatted(postgres));
    ApiCalls.Answer own;
    ApiCalls.Answer other;
    try (RunningWeir first = RunningWeir.startLazy(data, "--config", config.toString());
        ApiCalls before = new ApiCalls(first)) {
      own = before.newProject(OWN);
      other = before.newProject(OTHER);
      fill(before, own, other, 0);
    }
    weir = RunningWeir.startLazy(data, "--config", config.toString());
    calls = new ApiCalls(weir);
    fill(calls, own, other, EVENTS / 2);
    ownAdmin = own.text("api_key");
    otherKey = calls.readKey(other.text("api_key")).text("key");
    for (String key : List.of("api_key", "write_key")) {
      forbid(own.text(key));
      forbid(other.text(key));
    }
    forbid(weir.apiKey());
    forbid(weir.writeKey());
    forbid(otherKey);
    forbid(data.toString());
    List.of("root:x:0:0", "allowed_directories", "weir_tail_", "weir_limited_")
        .forEach(this::forbid);
    System.getenv().values().stream().filter(value -> value.length() > 7).forEach(this::forbid);
  }

  private void forbid(String text) {
    forbidden.add(text.toLowerCase(Locale.ROOT));
  }

  private static void fill(ApiCalls calls, ApiCalls.Answer own, ApiCalls.Answer other, int from) {
    for (int i = from; i < from + EVENTS / 2; i++) {
      send(calls, own.text("write_key"), OWN_WORD, i);
      send(calls, own.text("write_key"), HIDDEN_WORD, i);
      send(calls, other.text("write_key"), OTHER_WORD, i);
    }
    awaitCount(calls, own.text("api_key"), 2 * (from + EVENTS / 2));
    awaitCount(calls, other.text("api_key"), from + EVENTS / 2);
  }

  private static void send(ApiCalls calls, String key, String word, int number) {
    String event = number % 3 == 0 ? word + "event" : "Order Placed";
    String properties =
        "\"plan\":\"%1$splan\",\"%2$skey\":\"%1$svalue\",\"deep\":{\"%1$s\":[\"%1$sdeep\"]}";
    calls.sendEventOnceKnown(
        key,
        event,
        word + "user" + number % 5,
        properties.formatted(word, word.equals(OTHER_WORD) ? OTHER_WORD : OWN_WORD));
  }

  private static void awaitCount(ApiCalls calls, String key, long count) {
    Awaitility.await().atMost(PATIENCE).until(() -> count(calls, key) == count);
  }

  private static long count(ApiCalls calls, String key) {
    return calls.sql(key, "select count(*) from events").at("/rows/0/0").asLong(-1);
  }

  /** A new key of the own project that sees all of its rows. */
  Asker unlimited() {
    return new Asker(calls.readKey(ownAdmin).text("key"), false, OTHER_WORD);
  }

  /** A new key that sees the rows of the own word alone. */
  Asker limited() {
    String body =
        "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"plan\",\"value\":\"%splan\"}}";
    return new Asker(
        calls.newKey(ownAdmin, body.formatted(OWN_WORD)).text("key"), true, HIDDEN_WORD);
  }

  /** The number of rows that a key sees over HTTP. */
  long rows(Asker asker) {
    return count(calls, asker.key());
  }

  /** What the other project's {@code count(*)} answers. */
  ApiCalls.Answer neighbour() {
    String body = "{\"sql\":\"select count(*) from events\",\"timeout\":\"30s\"}";
    return calls.post("/query", otherKey, body);
  }

  /** What statements hold that are after what begins with a word. */
  Map<String, String> places(String word) {
    DataDirectory directory = new DataDirectory(data);
    Path warehouse = directory.lake().resolve("warehouse");
    Map<String, String> places = new TreeMap<>();
    places.put("other", OTHER);
    places.put("other_event", word + "event");
    places.put("other_user", word + "user0");
    places.put("prefix", word);
    places.put("data", data.toString());
    places.put("lake", directory.lake().toString());
    places.put("spill", directory.spill().toString());
    places.put("scratch", scratch.toString());
    places.put("secret_file", scratch.resolve("secret.csv").toString());
    places.put("own_folder", warehouse.resolve(OWN).toString());
    places.put("other_folder", warehouse.resolve(OTHER).toString());
    places.put("own_file", dataFile(warehouse.resolve(OWN)).toString());
    places.put("other_file", dataFile(warehouse.resolve(OTHER)).toString());
    places.put("port", "1");
    return places;
  }

  private static Path dataFile(Path folder) {
    return filesIn(folder)
        .filter(file -> file.toString().endsWith(".parquet"))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Path> filesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What statements might write to, and what it holds. */
  Map<Path, String> files() {
    Map<Path, String> found = new TreeMap<>();
    Stream.concat(filesIn(new DataDirectory(data).lake().resolve("warehouse")), filesIn(scratch))
        .forEach(file -> found.put(file, FileState.of(file)));
    return found;
  }

  /** Asks, in a new session where there are sessions. */
  Seen ask(Asker asker, Door door, String sql) throws IOException {
    return door == Door.HTTP ? overHttp(asker.key(), sql) : overPostgres(asker.key(), door, sql);
  }

  private Seen overHttp(String key, String sql) {
    ObjectNode body = JSON.createObjectNode().put("sql", sql).put("limit", 2_000);
    for (long i = parameters(sql, '?'); i > 0; i--) {
      body.withArray("parameters").add("parameter");
    }
    ApiCalls.Answer answer = calls.post("/query", key, body.toString());
    String code = answer.status() == 200 ? "" : answer.at("/error/code").asText("?");
    return new Seen(code, answer.json().toString());
  }

  private static long parameters(String sql, char mark) {
    return sql.chars().filter(each -> each == mark).count();
  }

  private Seen overPostgres(String key, Door door, String sql) throws IOException {
    try (WireClient client =
        new WireClient(
            postgres, key, Map.of("user", "me", "database", OWN, "driver_version", "clear"))) {
      List<String> lines =
          door == Door.SIMPLE ? client.simple(sql) : client.extended(sql, List.of(), false);
      String code = "";
      for (String line : lines) {
        code = line.startsWith("E ") ? line.substring(2) : code;
      }
      return new Seen(code, String.join("\n", lines) + client.errors());
    }
  }

  /** What an answer shows that is none of the asker's business. */
  List<String> leaks(Asker asker, String sql, Seen seen) {
    String text = seen.text().toLowerCase(Locale.ROOT);
    String asked = sql.toLowerCase(Locale.ROOT);
    List<String> leaks = new ArrayList<>(Leaks.words(OTHER_WORD, text, asked));
    if (asker.limited()) {
      leaks.addAll(Leaks.words(HIDDEN_WORD, text, asked));
    }
    forbidden.stream()
        .filter(each -> text.contains(each) && !asked.contains(each))
        .forEach(leaks::add);
    return leaks;
  }

  @Override
  public void close() {
    calls.close();
    weir.close();
  }
}
