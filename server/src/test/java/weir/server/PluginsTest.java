package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.plugins.PluginJars;

/** Jars in the folder of a real Weir. */
class PluginsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** What a plug-in does that does all that one may, by the property "do". */
  private static final String DEEDS =
      """
      String deed = String.valueOf(event.property("do"));
      event.setProperty("seen", 1);
      switch (deed) {
        case "drop": return List.of();
        case "three":
          Event two = event.copy().set("event", "second");
          return List.of(event, two, event.copy().set("event", "third"));
        case "throw": throw new IllegalStateException("on purpose");
        case "exit": System.exit(1);
        case "halt": Runtime.getRuntime().halt(1);
        case "sleep": Thread.sleep(60_000);
        case "allocate":
          List<long[]> all = new ArrayList<>();
          while (deed.equals("allocate")) { all.add(new long[100_000]); }
        case "print": for (int i = 0; i < 5_000; i++) { System.out.println("much " + i); }
        default: return List.of(event);
      }
      """;

  @TempDir Path temp;

  private String weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", temp.resolve("data").toString()));
    StringWriter out = new StringWriter();
    int status =
        weir.server.cli.WeirCommand.execute(
            new PrintWriter(out), new PrintWriter(out), all.toArray(new String[0]));
    assertThat(status).as(out.toString()).isZero();
    return out.toString();
  }

  private static String event(String id, String deed) {
    return "{\"event\":\"view\",\"userId\":\"u\",\"messageId\":\"%s\",\"properties\":{\"do\":\"%s\"}}"
        .formatted(id, deed);
  }

  @Test
  void aJarIsTakenUpReplacedAndSwitchedOff() throws Exception {
    Path jar = temp.resolve("data/plugins/mine.jar");
    PluginJars.write(jar, "mine", "1.0", "event.setProperty(\"seen\", 1); return List.of(event);");
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      assertThat(weir("plugin", "list")).contains("mine", "1.0", "mine.jar");
      weir.send("/v1/track", event("before", "nothing"));
      weir.awaitNumber("select count(*) from events", 1);
      assertThat(weir("plugin", "on", "mine")).contains("mine");
      weir.send("/v1/track", event("first", "nothing"));
      weir.awaitNumber("select count(*) from events", 2);
      weir.awaitNumber("select count(*) from events where p_seen = 1", 1);

      PluginJars.write(
          jar, "mine", "1.1", "event.setProperty(\"seen\", 2); return List.of(event);");
      await().atMost(PATIENCE).until(() -> weir("plugin", "list").contains("1.1"));
      weir.send("/v1/track", event("second", "nothing"));
      weir.awaitNumber("select count(*) from events where p_seen = 2", 1);

      Files.write(jar.resolveSibling("draft"), new byte[1_000]);
      Files.move(
          jar.resolveSibling("draft"), jar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      await()
          .atMost(PATIENCE)
          .until(() -> weir("plugin", "list").contains("the one before it stays"));
      weir.send("/v1/track", event("third", "nothing"));
      weir.awaitNumber("select count(*) from events where p_seen = 2", 2);
      assertThat(weir.get("/api/v1/status").path("problems").toString()).contains("mine.jar");

      assertThat(weir("plugin", "off", "mine")).contains("no plug-in");
      weir.send("/v1/track", event("last", "nothing"));
      weir.awaitNumber("select count(*) from events where p_seen is null", 2);
      assertThat(weir.text("/metrics"))
          .contains("weir_plugin_seconds_count{", "weir_plugin_events_total{");

      weir("plugin", "on", "other");
      weir.send("/v1/track", event("lost", "nothing"));
      weir.awaitNumber(
          "select count(*) from bad_events where stage = 'plugin' and reason = 'plugin_missing'"
              + " and message like '%there is no plug-in other%'",
          1);
      assertThat(weir("plugin", "list")).contains("missing", "there is no plug-in other");
    }
  }

  @Test
  void eachEventIsThereOnceWhateverDies() throws Exception {
    long seed = Long.getLong("weir.seed", 13);
    Random random = new Random(seed);
    PluginJars.write(temp.resolve("data/plugins/mine.jar"), "mine", "1.0", DEEDS);
    Set<String> sent = new HashSet<>();
    Set<String> others = new HashSet<>();
    RunningWeir weir = RunningWeir.start(temp.resolve("data"));
    try {
      Neighbour neighbour = Neighbour.open(weir);
      weir("plugin", "on", "mine");
      for (int round = 0; round < 6; round++) {
        for (int request = 0; request < 5; request++) {
          assertThat(
                  weir.send("/v1/batch", batch(round + "-" + request, random, sent)).statusCode())
              .isEqualTo(200);
          String id = "other-" + round + "-" + request;
          others.add(id);
          neighbour.sendOnceKnown(weir, event(id, "exit"));
        }
        if (round % 3 == 2) {
          kill(weir.process().toHandle());
          weir.close();
          weir = RunningWeir.start(temp.resolve("data"));
        } else {
          plugin(weir).forEach(ProcessHandle::destroyForcibly);
        }
      }
      RunningWeir last = weir;
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(last.get("/api/v1/ledger").path("balanced").asBoolean()).isTrue());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(
                      last.number("select count(*) from events where event = 'view'")
                          + last.number("select count(*) from bad_events")
                          + dropped(last))
                  .isEqualTo(sent.size()));
      assertEachIsThereOnce(last, sent);
      neighbour.awaitCount(last, others.size());
    } finally {
      weir.close();
    }
  }

  private static String batch(String name, Random random, Set<String> sent) {
    List<String> deeds = List.of("drop", "three", "throw", "print");
    ObjectNode body = JSON.createObjectNode();
    ArrayNode list = body.putArray("batch");
    for (int i = 0; i < 20; i++) {
      String id = "m-" + name + "-" + i;
      String deed = random.nextInt(3) == 0 ? deeds.get(random.nextInt(4)) : "nothing";
      if (i == 7) {
        deed = List.of("exit", "halt", "allocate", "sleep", "nothing").get(random.nextInt(5));
      }
      sent.add(id);
      list.addObject()
          .put("type", "track")
          .put("event", "view")
          .put("userId", "u")
          .put("messageId", id)
          .putObject("properties")
          .put("do", deed);
    }
    return body.toString();
  }

  private static long dropped(RunningWeir weir) {
    long dropped = 0;
    for (JsonNode row : weir.get("/api/v1/ledger").path("rows")) {
      dropped += row.at("/dropped/plugin_mine").asLong();
    }
    return dropped;
  }

  private static void assertEachIsThereOnce(RunningWeir weir, Set<String> sent) {
    Set<String> seen = new HashSet<>();
    for (JsonNode row :
        weir.query("select event_id from events union all select event_id from bad_events")) {
      String id = row.get(0).asText();
      assertThat(seen.add(id)).as(id).isTrue();
    }
    for (JsonNode row :
        weir.query("select event_id, event from events where event in ('second', 'third')")) {
      String id = row.get(0).asText();
      int slash = id.lastIndexOf('/');
      assertThat(sent).contains(id.substring(0, slash));
      assertThat(seen).contains(id.substring(0, slash));
      assertThat(id.substring(slash)).isEqualTo(row.get(1).asText().equals("second") ? "/1" : "/2");
    }
    seen.removeIf(id -> id.indexOf('/') >= 0);
    assertThat(sent).containsAll(seen);
    assertThat(weir.number("select count(*) from events where event = 'view' and p_do = 'nothing'"))
        .isPositive();
    assertThat(weir.number("select count(*) from bad_events where stage <> 'plugin'")).isZero();
  }

  /** The processes that run plug-ins: they alone are of that main class. */
  private static List<ProcessHandle> plugin(RunningWeir weir) {
    return weir.process()
        .descendants()
        .filter(each -> each.info().commandLine().orElse("").contains("weir.server.PluginMain"))
        .toList();
  }

  private static void kill(ProcessHandle weir) {
    List<ProcessHandle> all = new ArrayList<>(weir.descendants().toList());
    all.add(weir);
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(each -> each.onExit().join());
  }

  /** Another project, which uses no plug-in. */
  private record Neighbour(String writeKey, String apiKey) {
    static Neighbour open(RunningWeir weir) throws Exception {
      JsonNode made =
          JSON.readTree(weir.post("/api/v1/projects", "{\"name\":\"neighbour\"}").body());
      return new Neighbour(made.path("write_key").asText(), made.path("api_key").asText());
    }

    /** The collector learns new keys a moment after they are made. */
    void sendOnceKnown(RunningWeir weir, String body) {
      await().atMost(PATIENCE).until(() -> send(weir, body), status -> status == 200);
    }

    private int send(RunningWeir weir, String body) throws Exception {
      String basic =
          Base64.getEncoder().encodeToString((writeKey + ":").getBytes(StandardCharsets.UTF_8));
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(weir.collector() + "/v1/track"))
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Basic " + basic)
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    }

    void awaitCount(RunningWeir weir, int expected) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(count(weir)).contains("[[" + expected + "]]"));
    }

    private String count(RunningWeir weir) throws Exception {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(weir.api() + "/api/v1/query"))
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Bearer " + apiKey)
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"sql\":\"select count(*) from events where p_do = 'exit'\"}"))
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
