package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays out what the API says of the system for a terminal: a label, and what is to be said. */
final class StatusText {
  private static final int NARROWEST = 8;

  private final List<Line> lines = new ArrayList<>();

  private record Line(String label, String text) {}

  private StatusText() {}

  /**
   * The state as text.
   *
   * @param status the answer of GET /api/v1/status
   */
  static String of(JsonNode status) {
    StatusText text = new StatusText();
    status.path("roles").forEach(text::addRole);
    text.addLag(status.path("lag"));
    text.addDisk(status.path("disk"));
    text.addLedger(status.path("ledger"));
    status.path("plugins").forEach(text::addPlugin);
    text.addDeliveries(status.path("deliveries"));
    StringBuilder whole = new StringBuilder(text.render());
    for (JsonNode problem : status.path("problems")) {
      whole.append("problem: ").append(problem.asText()).append('\n');
    }
    return whole.toString();
  }

  private String render() {
    int widest = lines.stream().mapToInt(line -> line.label().length()).max().orElse(0);
    int width = Math.max(NARROWEST, widest);
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      String padding = " ".repeat(width - line.label().length());
      text.append(line.label()).append(padding).append(' ').append(line.text()).append('\n');
    }
    return text.toString();
  }

  private void add(String label, String format, Object... values) {
    lines.add(new Line(label, String.format(Locale.ROOT, format, values)));
  }

  private void addRole(JsonNode role) {
    add(
        role.path("role").asText(),
        "%-8s process %-8d started again %s",
        role.path("up").asBoolean() ? "up" : "DOWN",
        role.path("pid").asLong(),
        Amount.of(role.path("restarts").asLong(), "time"));
  }

  private void addLag(JsonNode lag) {
    add(
        "lag",
        "%s to process, %s to load",
        size(lag.path("process_bytes").asLong()),
        size(lag.path("lake_bytes").asLong()));
  }

  private void addDisk(JsonNode disk) {
    add(
        "disk",
        "%s, %s free",
        disk.has("used_bytes")
            ? size(disk.path("used_bytes").asLong()) + " used"
            : "being measured",
        size(disk.path("free_bytes").asLong()));
  }

  private void addLedger(JsonNode ledger) {
    long derived = ledger.path("derived").asLong();
    add(
        "ledger",
        "%s: %d accepted%s, %d quarantined, %d duplicate, %d dropped, %d in flight, %d of them"
            + " decided and not committed",
        ledger.path("balanced").asBoolean() ? "balanced" : "NOT BALANCED",
        ledger.path("accepted").asLong(),
        derived == 0 ? "" : ", " + derived + " derived of them",
        ledger.path("quarantined").asLong(),
        ledger.path("duplicate").asLong(),
        ledger.path("dropped").asLong(),
        ledger.path("in_flight").asLong(),
        ledger.path("uncommitted").asLong());
    if (ledger.path("quarantined").asLong() > 0) {
      add(
          "",
          "why they are quarantined: weir query \"select reason, count(*) from bad_events group by"
              + " all\"");
    }
    if (ledger.path("dropped").asLong() > 0) {
      add("", "why they are dropped: GET /api/v1/ledger counts them by minute and reason");
    }
  }

  private void addPlugin(JsonNode plugin) {
    add(
        "plug-in",
        "%s of %s: %s, %d events in, %d out, %d dropped, %d quarantined, %.1f us each",
        plugin.path("name").asText(),
        plugin.path("project").asText(),
        plugin.path("state").asText(),
        plugin.path("events_in").asLong(),
        plugin.path("events_made").asLong(),
        plugin.path("events_dropped").asLong(),
        plugin.path("events_quarantined").asLong(),
        plugin.path("micros_per_event").asDouble());
  }

  private void addDeliveries(JsonNode deliveries) {
    if (deliveries.path("count").asLong() > 0) {
      add(
          "webhooks",
          "%s, %d of them paused; %s",
          Amount.of(deliveries.path("count").asLong(), "receiver"),
          deliveries.path("paused").asLong(),
          Amount.of(deliveries.path("dead_letters").asLong(), "dead letter"));
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
