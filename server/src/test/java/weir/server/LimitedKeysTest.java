package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.directory.DataDirectory;
import weir.testkit.FreePorts;

/** Keys that see the rows of one value alone, many of them in one project. */
class LimitedKeysTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MANY = 10_000;
  private static final int AT_ONCE = 200;

  @TempDir static Path folder;
  private static RunningWeir weir;
  private static ApiCalls calls;
  private static int postgres;

  @BeforeAll
  static void start() throws IOException {
    postgres = FreePorts.next();
    Path config = folder.resolve("weir.yaml");
    Files.writeString(config, "api: {postgres_port: " + postgres + "}\n");
    weir = RunningWeir.start(folder.resolve("data"), "--config", config.toString());
    calls = new ApiCalls(weir);
  }

  @AfterAll
  static void stop() {
    calls.close();
    weir.close();
  }

  private static String overPostgres(String project, String key, String sql) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + postgres + "/" + project;
    try (Connection session = DriverManager.getConnection(url, "me", key);
        ResultSet rows = session.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static String limited(String admin, String property, String value) {
    return calls
        .newKey(
            admin,
            "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"%s\",\"value\":%s}}"
                .formatted(property, value))
        .text("key");
  }

  @Test
  void aLimitedKeySeesItsRowsAloneHoweverItAsks() throws SQLException {
    ApiCalls.Answer chain = calls.newProject("chain");
    String admin = chain.text("api_key");
    String writer = chain.text("write_key");
    calls.sendOnceKnown(writer, "ann", "\"restaurant_id\":17,\"price\":5,\"till\":\"a\"");
    calls.sendOnceKnown(writer, "bob", "\"restaurant_id\":18,\"price\":7,\"till\":\"b\"");
    calls.sendOnceKnown(writer, "eve", "\"price\":9");
    calls.awaitUsers(admin, "ann,bob,eve");
    String number = limited(admin, "restaurant_id", "17");
    String text = limited(admin, "till", "\"b\"");
    String none = limited(admin, "restaurant_id", "19");
    calls.awaitUsers(number, "ann");
    calls.awaitUsers(text, "bob");
    assertThat(calls.sql(none, "select count(*) from events").at("/rows/0/0").asLong()).isZero();
    String trend = "{\"events\":[\"Order Placed\"],\"measure\":\"sum\",\"of\":\"price\"}";
    assertThat(calls.post("/insights/trend", number, trend).at("/series/0/points"))
        .anyMatch(point -> point.path("value").asDouble() == 5)
        .allMatch(point -> point.path("value").asDouble() <= 5);
    ApiCalls.Answer prices =
        calls.post("/insights/distribution", number, "{\"of\":\"price\",\"persons\":{\"bin\":1}}");
    assertThat(prices.at("/count").asLong()).isEqualTo(1);
    assertThat(prices.at("/persons")).extracting(JsonNode::asText).containsExactly("ann");
    assertThat(overPostgres("chain", number, ApiCalls.USERS)).isEqualTo("ann");
    assertThat(overPostgres("chain", text, ApiCalls.USERS)).isEqualTo("bob");
    assertThat(overPostgres("chain", admin, ApiCalls.USERS)).isEqualTo("ann,bob,eve");
  }

  /**
   * Names that fold alike, values of another type, whole numbers that doubles do not tell apart.
   */
  @Test
  void aLimitMeansExactlyItsPropertyAndItsValue() {
    ApiCalls.Answer chain = calls.newProject("alike");
    String admin = chain.text("api_key");
    String writer = chain.text("write_key");
    calls.sendOnceKnown(writer, "ann", "\"Tenant\":18,\"account\":9007199254740992,\"size\":1e25");
    calls.sendOnceKnown(
        writer,
        "bob",
        "\"tenant\":17,\"account\":9007199254740993,\"size\":10000000000000000000000000");
    calls.sendOnceKnown(writer, "cid", "\"tenant\":\"17\",\"price\":\"9.50\"");
    calls.sendOnceKnown(writer, "dan", "\"Tenant\":17,\"price\":10");
    calls.awaitUsers(admin, "ann,bob,cid,dan");
    calls.awaitUsers(limited(admin, "tenant", "17"), "bob,cid");
    calls.awaitUsers(limited(admin, "Tenant", "17"), "dan");
    calls.awaitUsers(limited(admin, "Tenant", "18"), "ann");
    calls.awaitUsers(limited(admin, "account", "9007199254740992"), "ann");
    calls.awaitUsers(limited(admin, "account", "9007199254740993"), "bob");
    calls.awaitUsers(limited(admin, "size", "1e25"), "ann");
    calls.awaitUsers(limited(admin, "size", "10000000000000000000000000"), "bob");
    String sum = "{\"measure\":\"sum\",\"of\":\"price\"}";
    assertThat(calls.post("/insights/trend", admin, sum).at("/series/0/points"))
        .anyMatch(point -> point.path("value").asDouble() == 19.5);
    String typed = "{\"events\":[\"Order Placd\"],\"breakdown\":\"prise\"}";
    assertThat(calls.post("/insights/trend", admin, typed).at("/notes"))
        .extracting(note -> note.path("code").asText() + " " + note.at("/nearest/0").asText())
        .containsExactly("unknown_event Order Placed", "unknown_property price");
  }

  @Test
  void noKeyGetsTheResultOfAnother() {
    ApiCalls.Answer chain = calls.newProject("results");
    String admin = chain.text("api_key");
    String other = calls.readKey(admin).text("key");
    ApiCalls.Answer started =
        calls.post("/query", admin, "{\"sql\":\"select 42\",\"async\":true,\"id\":\"mine\"}");
    assertThat(started.status()).isEqualTo(202);
    assertThat(calls.get("/query/mine", admin).status()).isIn(200, 202);
    assertThat(calls.get("/query/mine", other).status()).isEqualTo(404);
    assertThat(calls.ask("DELETE", "/query/mine", other, "").status()).isEqualTo(404);
  }

  @Test
  void tenThousandOfThemInOneProject() throws SQLException {
    String admin = calls.newProject("franchise").text("api_key");
    addStrangers("franchise", MANY - AT_ONCE);
    ObjectNode body = JSON.createObjectNode();
    ArrayNode keys = body.putArray("keys");
    for (int i = 0; i < AT_ONCE; i++) {
      keys.addObject()
          .put("kind", "api")
          .put("scope", "read")
          .put("name", "restaurant " + i)
          .putObject("limit")
          .put("property", "restaurant_id")
          .put("value", i);
    }
    JsonNode made = calls.newKey(admin, body.toString()).at("/keys");
    assertThat(made).hasSize(AT_ONCE);
    String last = made.get(AT_ONCE - 1).path("key").asText();
    assertThat(calls.sql(last, "select 1").status()).isEqualTo(200);
    assertThat(overPostgres("franchise", last, "select 'in'")).isEqualTo("in");
    assertThat(listed(admin)).hasSize(MANY + 1);
  }

  /** Adds limited keys that nobody knows, without the time that it takes to make real ones. */
  private static void addStrangers(String project, int count) throws SQLException {
    String hash = "lower(hex(randomblob(32)))";
    String sql =
        ("with recursive n(i) as (select 1 union all select i + 1 from n where i < %d) insert into"
                + " keys select 'key_s' || i, 'api', '%s', 'stranger', %s, 'ak_', 'read', 0,"
                + " 'restaurant_id', cast(i as text), %s || ':' || %s, i, null, null from n")
            .formatted(count, project, hash, hash, hash);
    Path database = new DataDirectory(folder.resolve("data")).metadata();
    try (Connection meta = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = meta.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(count);
    }
  }

  /** The ids of all API keys, page by page. */
  private static Set<String> listed(String admin) {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    do {
      ApiCalls.Answer page = calls.get("/keys?kind=api&limit=999&cursor=" + cursor, admin);
      assertThat(page.status()).isEqualTo(200);
      page.at("/keys").forEach(key -> assertThat(ids.add(key.path("id").asText())).isTrue());
      cursor = page.at("/next_cursor").isNull() ? "" : page.text("next_cursor");
    } while (!cursor.isEmpty());
    return ids;
  }
}
