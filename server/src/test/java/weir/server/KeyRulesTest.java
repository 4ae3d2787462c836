package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.cli.WeirCommand;

/** Rules of write keys in a real Weir, by the API and by commands. */
class KeyRulesTest {
  private static final String SHOP = "https://www.shop.example";

  @TempDir Path temp;

  private String weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", temp.resolve("data").toString()));
    StringWriter out = new StringWriter();
    PrintWriter both = new PrintWriter(out);
    WeirCommand.execute(both, both, all.toArray(new String[0]));
    return out.toString();
  }

  private static HttpResponse<String> track(
      HttpClient http, RunningWeir weir, String key, String origin) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(weir.collector() + "/v1/track?write_key=" + key))
            .header("Origin", origin)
            .POST(HttpRequest.BodyPublishers.ofString("{\"event\":\"Seen\",\"userId\":\"u\"}"))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
  }

  private static void await(
      HttpClient http, RunningWeir weir, String key, String origin, int status, String text) {
    Awaitility.await()
        .untilAsserted(() -> {
          HttpResponse<String> answer = track(http, weir, key, origin);
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
          assertThat(answer.body()).contains(text);
        });
  }

  @Test
  void rulesAreInForceWhenTheyAreSetAndChanged() throws Exception {
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"));
        ApiCalls calls = new ApiCalls(weir);
        HttpClient http = HttpClient.newHttpClient()) {
      ApiCalls.Answer made =
          calls.newKey(
              weir.apiKey(),
              "{\"kind\":\"write\",\"source\":\"web\",\"rules\":{\"origins\":[\"*.shop.example\"]}}");
      String key = made.text("key");
      String id = made.text("id");
      await(http, weir, key, "https://copy.example", 403, "origin_not_allowed");
      await(http, weir, key, "null", 403, "origin_not_allowed");
      await(http, weir, key, SHOP, 200, "\"accepted\":1");

      assertThat(weir("key", "change", id, "--origins", "null", "--deny", "127.0.0.0/8"))
          .isEqualTo("rules {\"origins\":[\"null\"],\"deny\":[\"127.0.0.0/8\"]}\n");
      await(http, weir, key, "null", 403, "address_not_allowed");
      assertThat(weir("key", "list")).contains("\"deny\":[\"127.0.0.0/8\"]");

      ApiCalls.Answer quota =
          calls.ask(
              "PATCH",
              "/keys/" + id,
              weir.apiKey(),
              "{\"rules\":{\"deny\":null,\"origins\":null,\"monthly_quota\":2}}");
      assertThat(quota.at("/rules"))
          .isEqualTo(new ObjectMapper().readTree("{\"monthly_quota\":2}"));
      await(http, weir, key, "null", 429, "quota_exceeded");
      HttpResponse<String> refused = track(http, weir, key, SHOP);
      assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();
      weir.awaitNumber("select count(*) from events where source = 'web'", 3);
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(calls.get("/keys?kind=write", weir.apiKey()).at("/keys").toString())
                  .contains("\"events_this_month\":2"));

      assertThat(calls.ask("PATCH", "/keys/" + id, weir.apiKey(), "{\"rules\":{\"deny\":[\"x\"]}}"))
          .extracting(ApiCalls.Answer::status)
          .isEqualTo(400);
      assertThat(weir("key", "change", "key_none", "--quota", "5")).contains("has no key key_none");
      assertThat(weir("key", "change", id)).contains("nothing to change");
      assertThat(weir("key", "change", id, "--quota", "x")).contains("whole numbers");
    }
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"));
        HttpClient http = HttpClient.newHttpClient()) {
      String list = weir("key", "list");
      String line = list.lines().filter(each -> each.contains("monthly_quota")).findFirst().get();
      String[] cells = line.strip().split("  +");
      assertThat(track(http, weir, cells[3], SHOP).statusCode()).as("as before").isEqualTo(429);
      assertThat(weir("key", "change", cells[0], "--quota", "none")).isEqualTo("rules none\n");
      await(http, weir, cells[3], SHOP, 200, "true");
      assertThat(weir("key", "create", "--source", "ios", "--rate", "5", "--burst", "none"))
          .contains("key  wk_");
      assertThat(weir("key", "list")).contains("{\"events_per_second\":5}");
      assertThat(weir("key", "create", "--scope", "read", "--rate", "5"))
          .contains("only write keys have rules");
    }
  }
}
