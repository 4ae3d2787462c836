package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.FreePorts;

/**
 * The same statements on PostgreSQL 15 and on Weir's port, by all ways that the protocol has: what
 * is answered must be the same, byte for byte.
 */
class PostgresJudgeTest {
  private static final int ITEMS = 20;

  @TempDir static Path folder;
  private static RealPostgres judge;
  private static RunningWeir weir;
  private static int port;

  /** Statements of judge.txt: after a statement come its parameters, TYPE:TEXT. */
  private record Case(String sql, List<WireClient.Parameter> parameters) {
    static Case of(String line) {
      String[] parts = line.split("\t+");
      return new Case(parts[0], Arrays.stream(parts).skip(1).map(Case::parameter).toList());
    }

    private static WireClient.Parameter parameter(String text) {
      int colon = text.indexOf(':');
      String value = text.substring(colon + 1);
      return new WireClient.Parameter(
          Integer.parseInt(text, 0, colon, 10), value.equals("NULL") ? null : value);
    }
  }

  /** How statements are sent. */
  private interface Way {
    List<String> send(WireClient client, Case each) throws IOException;
  }

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(RealPostgres.isInstalled(), "PostgreSQL 15 is not installed");
    judge = RealPostgres.start(folder.resolve("postgres"));
    fill();
    port = FreePorts.next();
    Path config = folder.resolve("weir.yaml");
    Files.writeString(config, "api: {postgres_port: " + port + "}\n");
    weir = RunningWeir.start(folder.resolve("data"), "--config", config.toString());
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < ITEMS; i++) {
      batch.append(batch.isEmpty() ? "" : ",");
      batch.append(
          "{\"type\":\"track\",\"event\":\"Item Sold\",\"userId\":\"u%d\",\"timestamp\":\"2024-03-%02dT12:30:00Z\",\"sentAt\":null,\"properties\":{\"price\":%d.25,\"sku\":\"S_%d%%\",\"n\":%d,\"fresh\":%s}}"
              .formatted(i % 3, i + 1, i, i, i, i % 2 == 0));
    }
    assertThat(weir.send("/v1/batch", "{\"batch\":[" + batch + "]}").statusCode()).isEqualTo(200);
    weir.awaitNumber("select count(*) from events", ITEMS);
  }

  private static void fill() throws SQLException {
    try (Connection connection = judge.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table item_sold (user_id text, \"timestamp\" timestamptz, price float8,"
              + " sku text, n float8, fresh bool)");
      statement.execute(
          "insert into item_sold select 'u' || i % 3, timestamptz '2024-03-01 12:30:00Z'"
              + " + i * interval '1 day', i + 0.25, 'S_' || i || '%', i, i % 2 = 0"
              + " from generate_series(0, "
              + (ITEMS - 1)
              + ") i");
    }
  }

  @AfterAll
  static void stop() {
    if (weir != null) {
      weir.close();
    }
    if (judge != null) {
      judge.close();
    }
  }

  private static List<Case> cases(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(PostgresJudgeTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("-- "))
          .map(Case::of)
          .toList();
    }
  }

  private static WireClient toJudge() throws IOException {
    return new WireClient(judge.port(), "", Map.of("user", "weir", "database", "postgres"));
  }

  private static WireClient toWeir() throws IOException {
    return new WireClient(
        port,
        weir.apiKey(),
        Map.of("user", "weir", "database", "default", "driver_version", "clear"));
  }

  private static void compare(List<Case> cases, Way way) throws IOException {
    List<String> differences = new ArrayList<>();
    try (WireClient right = toJudge();
        WireClient ours = toWeir()) {
      for (Case each : cases) {
        List<String> expected = failedAtOnce(way.send(right, each));
        List<String> found = failedAtOnce(way.send(ours, each));
        if (!expected.equals(found)) {
          differences.add(each + "\n  PostgreSQL: " + expected + "\n  Weir:       " + found);
        }
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
  }

  /** Whether a statement fails before or after its columns are told is left to the server. */
  private static List<String> failedAtOnce(List<String> lines) {
    List<String> left = new ArrayList<>(lines);
    for (int i = left.size() - 1; i > 0; i--) {
      if (left.get(i).startsWith("E ") && left.get(i - 1).matches("[Tt]( .*)?")) {
        left.remove(i - 1);
      }
    }
    return left;
  }

  private static List<Case> withoutParameters(List<Case> cases) {
    return cases.stream().filter(each -> each.parameters().isEmpty()).toList();
  }

  @Test
  void simpleProtocol() throws IOException {
    compare(withoutParameters(cases("judge.txt")), (client, each) -> client.simple(each.sql()));
  }

  @Test
  void extendedProtocolInText() throws IOException {
    compare(
        cases("judge.txt"),
        (client, each) -> client.extended(each.sql(), each.parameters(), false));
  }

  @Test
  void extendedProtocolInBinary() throws IOException {
    compare(
        cases("judge.txt"), (client, each) -> client.extended(each.sql(), each.parameters(), true));
  }

  @Test
  void sessions() throws IOException {
    compare(cases("judge-sessions.txt"), (client, each) -> client.simple(each.sql()));
  }
}
