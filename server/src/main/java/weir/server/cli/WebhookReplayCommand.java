package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.config.ConfigurationException;
import weir.server.logging.LogSetup;

@Command(
    name = "replay",
    description = {
      "Brings again what the mapping made no event of and now does.",
      "",
      "That is rows of bad_events. What is an event already stays one event.",
      ""
    },
    mixinStandardHelpOptions = true)
final class WebhookReplayCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PAGE = 100;
  private static final int BATCH_CHARACTERS = 2_000_000;
  private static final String SQL =
      """
      select _raw_position, payload from bad_events
      where source = ? and protocol = 'webhook' and stage = 'decode'
        and reason in ('mapping_failed', 'event_name_too_long', 'unreadable_event')
        and payload is not null and received_at >= ?::timestamptz
        and (? = '' or _raw_position > ?)
      order by _raw_position limit ?
      """;

  @Parameters(paramLabel = "ID")
  String id = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = {
        "What came since then, such as 2026-01-31; within duplicates.window, in which",
        "what comes twice is found (default: all)."
      })
  String from = "2000-01-01";

  @Option(
      names = "--collector",
      paramLabel = "U",
      description = "URL of the collector, if it is not the one that the API names.")
  @Nullable String collector;

  @Mixin ApiAccess api = new ApiAccess();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    JsonNode how = ApiAnswer.of(api, "GET", WebhookCommand.path(id) + "/replay", null);
    if (!how.path("enabled").asBoolean()) {
      throw new IOException("the webhook is disabled: weir webhook enable " + id);
    }
    int read = 0;
    int sent = 0;
    String after = "";
    JsonNode rows = page(how.path("source").asText(), after);
    while (!rows.isEmpty()) {
      read += rows.size();
      for (List<String> batch : batches(rows)) {
        List<String> suited = suited(batch);
        sent += suited.size();
        if (!suited.isEmpty()) {
          send(how, suited);
        }
      }
      after = rows.get(rows.size() - 1).get(0).asText();
      rows = page(how.path("source").asText(), after);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(read + " bad events: " + sent + " brought again, " + (read - sent) + " still bad");
    out.flush();
    return 0;
  }

  private JsonNode page(String source, String after)
      throws IOException, InterruptedException, ConfigurationException {
    ObjectNode body = JSON.createObjectNode().put("sql", SQL);
    body.putArray("parameters").add(source).add(from).add(after).add(after).add(PAGE);
    return ApiAnswer.of(api, "POST", "/api/v1/query", body).path("rows");
  }

  /** As many payloads at a time as a request takes. */
  private static List<List<String>> batches(JsonNode rows) {
    List<List<String>> batches = new ArrayList<>();
    int characters = BATCH_CHARACTERS;
    for (JsonNode row : rows) {
      String payload = row.get(1).asText();
      characters += payload.length();
      if (characters > BATCH_CHARACTERS) {
        batches.add(new ArrayList<>());
        characters = payload.length();
      }
      batches.getLast().add(payload);
    }
    return batches;
  }

  /** Those that the mapping of now suits. */
  private List<String> suited(List<String> payloads)
      throws IOException, InterruptedException, ConfigurationException {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode list = body.putArray("payloads");
    payloads.forEach(list::add);
    JsonNode result = ApiAnswer.of(api, "POST", WebhookCommand.path(id) + "/try", body);
    List<String> suited = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      if (!result.path("requests").path(i).path("events").path(0).has("reason")) {
        suited.add(payloads.get(i));
      }
    }
    return suited;
  }

  private void send(JsonNode how, List<String> payloads)
      throws IOException, InterruptedException, ConfigurationException {
    URI named = URI.create(how.path("url").asText());
    URI url =
        collector == null
            ? named
            : URI.create(collector.replaceAll("/+$", "") + named.getRawPath());
    HttpClient client =
        api.trust.client(
            url, api.url == null ? Optional.of(api.known.directory()) : Optional.empty());
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + how.path("replay_key").asText())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("[" + String.join(",", payloads) + "]"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the collector answers " + answer.statusCode() + ": " + answer.body());
    }
  }
}
