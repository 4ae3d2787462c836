package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "status",
    description = {"Shows roles, lag, disk and the ledger; exits 1 when something is wrong.", ""},
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--json", description = "Print what the API says.")
  boolean json;

  @Mixin ApiAccess api = new ApiAccess();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    HttpResponse<InputStream> answer = api.send("/api/v1/status", null, Duration.ofSeconds(30));
    PrintWriter out = spec.commandLine().getOut();
    try (InputStream body = answer.body()) {
      JsonNode status = JSON.readTree(body);
      if (answer.statusCode() != 200) {
        spec.commandLine().getErr().println(status.path("error").path("message").asText());
        return 1;
      }
      if (json) {
        out.println(status.toPrettyString());
      } else {
        print(out, status);
      }
      out.flush();
      return status.path("ok").asBoolean() ? 0 : 1;
    }
  }

  private static void print(PrintWriter out, JsonNode status) {
    for (JsonNode role : status.path("roles")) {
      out.printf(
          "%-8s %-8s process %-8d started again %d times%n",
          role.path("role").asText(),
          role.path("up").asBoolean() ? "up" : "DOWN",
          role.path("pid").asLong(),
          role.path("restarts").asLong());
    }
    JsonNode lag = status.path("lag");
    out.printf(
        "lag      %s to process, %s to load%n",
        size(lag.path("process_bytes").asLong()), size(lag.path("lake_bytes").asLong()));
    JsonNode disk = status.path("disk");
    out.printf(
        "disk     %s, %s free%n",
        disk.has("used_bytes")
            ? size(disk.path("used_bytes").asLong()) + " used"
            : "being measured",
        size(disk.path("free_bytes").asLong()));
    JsonNode ledger = status.path("ledger");
    long derived = ledger.path("derived").asLong();
    out.printf(
        "ledger   %s: %d accepted%s, %d quarantined, %d in flight, %d of them decided and not"
            + " committed%n",
        ledger.path("balanced").asBoolean() ? "balanced" : "NOT BALANCED",
        ledger.path("accepted").asLong(),
        derived == 0 ? "" : ", " + derived + " derived of them",
        ledger.path("quarantined").asLong(),
        ledger.path("in_flight").asLong(),
        ledger.path("uncommitted").asLong());
    if (ledger.path("quarantined").asLong() > 0) {
      out.println(
          "         why they are quarantined: weir query \"select reason, count(*) from bad_events"
              + " group by all\"");
    }
    for (JsonNode plugin : status.path("plugins")) {
      out.printf(
          Locale.ROOT,
          "plug-in  %s of %s: %s, %d events in, %d out, %d dropped, %d quarantined, %.1f us each%n",
          plugin.path("name").asText(),
          plugin.path("project").asText(),
          plugin.path("state").asText(),
          plugin.path("events_in").asLong(),
          plugin.path("events_made").asLong(),
          plugin.path("events_dropped").asLong(),
          plugin.path("events_quarantined").asLong(),
          plugin.path("micros_per_event").asDouble());
    }
    JsonNode deliveries = status.path("deliveries");
    if (deliveries.path("count").asLong() > 0) {
      out.printf(
          "webhooks %s, %d of them paused; %s%n",
          Amount.of(deliveries.path("count").asLong(), "receiver"),
          deliveries.path("paused").asLong(),
          Amount.of(deliveries.path("dead_letters").asLong(), "dead letter"));
    }
    for (JsonNode problem : status.path("problems")) {
      out.println("problem: " + problem.asText());
    }
  }

  private static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double rest = bytes;
    int unit = 0;
    while (rest >= 1024 && unit < units.length - 1) {
      rest /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", rest, units[unit]);
  }
}
