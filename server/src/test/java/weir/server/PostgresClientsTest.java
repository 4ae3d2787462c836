package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;
import weir.config.Configuration;
import weir.config.ConfigurationLoader;
import weir.config.Settings;
import weir.testkit.FreePorts;
import weir.tools.doctor.Doctor;

/** A real Weir, and the clients of PostgreSQL that people have. */
class PostgresClientsTest {
  private static final int EVENTS = 500;
  private static final String ENDLESS =
      "select count(*) from range(1000000000000) r(i) where hash(i) = 3";
  private static final List<String> TABLES =
      List.of(
          "bad_events",
          "events",
          "identities",
          "items",
          "ledger",
          "product_viewed",
          "sessions",
          "users");

  @TempDir static Path folder;
  private static RunningWeir weir;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    port = FreePorts.next();
    Path config = folder.resolve("weir.yaml");
    Files.writeString(config, "api: {postgres_port: " + port + "}\n");
    weir = RunningWeir.start(folder.resolve("data"), "--config", config.toString());
    StringBuilder batch = new StringBuilder();
    IntStream.range(0, EVENTS)
        .mapToObj(i ->
            "{\"type\":\"track\",\"event\":\"Product Viewed\",\"userId\":\"u%d\",\"properties\":{\"price\":%d.5,\"sku\":\"S%d\"}}"
                .formatted(i % 7, i, i))
        .forEach(event -> batch.append(batch.isEmpty() ? "" : ",").append(event));
    assertThat(weir.send("/v1/batch", "{\"batch\":[" + batch + "]}").statusCode()).isEqualTo(200);
    weir.awaitNumber("select count(*) from events", EVENTS);
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  private static Connection connect(String kind, String password, String... more)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "anyone");
    properties.setProperty("password", password);
    for (int i = 0; i < more.length; i += 2) {
      properties.setProperty(more[i], more[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:" + kind + "://127.0.0.1:" + port + "/default", properties);
  }

  private static Connection connect() throws SQLException {
    return connect("postgresql", weir.apiKey());
  }

  private static List<String> column(ResultSet rows, String name) throws SQLException {
    List<String> values = new ArrayList<>();
    while (rows.next()) {
      values.add(rows.getString(name));
    }
    return values;
  }

  @Test
  void jdbcFindsTheTablesOfTheProjectAndNoOthers() throws SQLException {
    try (Connection connection = connect()) {
      assertThat(column(connection.getMetaData().getTables(null, null, "%", null), "TABLE_NAME"))
          .containsExactlyElementsOf(TABLES);
      ResultSet columns =
          connection.getMetaData().getColumns(null, "public", "product_viewed", "%");
      assertThat(column(columns, "COLUMN_NAME")).contains("event", "timestamp", "price", "sku");
      assertThat(connection.getMetaData().getPrimaryKeys(null, null, "events").next()).isFalse();
      assertThat(connection.getMetaData().getIndexInfo(null, null, "events", false, true).next())
          .isFalse();
      assertThat(column(connection.getMetaData().getCatalogs(), "TABLE_CAT"))
          .containsExactly("default");
      try (Statement statement = connection.createStatement()) {
        String sql =
            "select table_name from information_schema.tables where table_schema = 'public'"
                + " order by 1";
        assertThat(column(statement.executeQuery(sql), "table_name"))
            .containsExactlyElementsOf(TABLES);
      }
    }
  }

  @Test
  void everyTypeInTextAndInBinary() throws SQLException {
    String sql =
        "select true b, 1::smallint i2, 2 i4, 3::bigint i8, 1.5::real f4, 1e20::double f8,"
            + " 123456.0789::decimal(12,4) n, -0.00123::decimal(10,5) m, 'ü' t,"
            + " timestamptz '2024-01-02 03:04:05.678+00' tz, timestamp '1969-12-31 23:59:59' ts,"
            + " date '2024-02-29' d, null nl, ['a', 'b'] ta where 1 = ?";
    try (Connection connection = connect("postgresql", weir.apiKey(), "prepareThreshold", "2");
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int again = 0; again < 4; again++) { // later ones are in binary
        statement.setInt(1, 1);
        ResultSet row = statement.executeQuery();
        assertThat(row.next()).isTrue();
        assertThat(row.getBoolean("b")).isTrue();
        assertThat(row.getShort("i2")).isEqualTo((short) 1);
        assertThat(row.getInt("i4")).isEqualTo(2);
        assertThat(row.getLong("i8")).isEqualTo(3);
        assertThat(row.getFloat("f4")).isEqualTo(1.5f);
        assertThat(row.getDouble("f8")).isEqualTo(1e20);
        assertThat(row.getBigDecimal("n")).isEqualTo(new BigDecimal("123456.0789"));
        assertThat(row.getBigDecimal("m")).isEqualTo(new BigDecimal("-0.00123"));
        assertThat(row.getString("t")).isEqualTo("ü");
        assertThat(row.getObject("tz", OffsetDateTime.class).toInstant())
            .isEqualTo(Instant.parse("2024-01-02T03:04:05.678Z"));
        assertThat(row.getObject("ts", java.time.LocalDateTime.class))
            .hasToString("1969-12-31T23:59:59");
        assertThat(row.getObject("d", LocalDate.class)).isEqualTo(LocalDate.of(2024, 2, 29));
        assertThat(row.getObject("nl")).isNull();
        assertThat((Object[]) row.getArray("ta").getArray()).containsExactly("a", "b");
        assertThat(row.next()).isFalse();
      }
    }
  }

  @Test
  void parametersOfEveryKindInOneStatementAgainAndAgain() throws SQLException {
    String sql =
        "select count(*), ? as q from product_viewed where timestamp > ? and price >= ? and price <"
            + " ? and user_id in (?, ?)";
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(6);
      assertThat(statement.getMetaData().getColumnCount()).isEqualTo(2);
      for (int upTo = 100; upTo < 108; upTo++) {
        statement.setString(1, "q" + upTo);
        statement.setTimestamp(2, Timestamp.from(Instant.parse("2020-01-01T00:00:00Z")));
        statement.setDouble(3, 0);
        statement.setBigDecimal(4, BigDecimal.valueOf(upTo));
        statement.setString(5, "u1");
        statement.setString(6, "u2");
        ResultSet row = statement.executeQuery();
        assertThat(row.next()).isTrue();
        int last = upTo;
        assertThat(row.getLong(1))
            .isEqualTo(IntStream.range(0, last).filter(i -> i % 7 == 1 || i % 7 == 2).count());
        assertThat(row.getString(2)).isEqualTo("q" + upTo);
      }
    }
  }

  @Test
  void largeResultsInPortions() throws SQLException {
    try (Connection connection = connect();
        Statement one = connection.createStatement();
        Statement other = connection.createStatement()) {
      connection.setAutoCommit(false);
      one.setFetchSize(1000);
      other.setFetchSize(700);
      String sql = "select i, 'row ' || i as t from generate_series(1, 200000) g(i)";
      ResultSet rows = one.executeQuery(sql);
      ResultSet others = other.executeQuery(sql);
      long count = 0;
      while (rows.next() && others.next()) {
        count++;
        assertThat(rows.getLong(1)).isEqualTo(count);
        assertThat(others.getString(2)).isEqualTo("row " + count);
      }
      assertThat(count).isEqualTo(200_000);
      rows = one.executeQuery(sql);
      assertThat(rows.next()).isTrue();
      rows.close(); // an open rest is left behind
      connection.commit();
      one.setMaxRows(5);
      assertThat(column(one.executeQuery(sql), "t")).hasSize(5);
    }
  }

  @Test
  void aQueryIsCancelledAndTheConnectionGoesOn() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1); // by CancelRequest
      assertThatThrownBy(() -> statement.executeQuery(ENDLESS))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      statement.setQueryTimeout(0);
      assertThat(statement.executeQuery("select 1").next()).isTrue();
    }
  }

  private static double runningQueries() {
    return weir.text("/metrics")
        .lines()
        .filter(line -> line.startsWith("weir_query_running"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void aQueryEndsWithItsClient() throws Exception {
    Connection connection = connect();
    Statement statement = connection.createStatement();
    Thread asking =
        Thread.startVirtualThread(() -> {
          try {
            statement.executeQuery(ENDLESS);
          } catch (SQLException e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        });
    Awaitility.await().until(() -> runningQueries() == 1);
    connection.abort(Runnable::run);
    asking.join();
    Awaitility.await().until(() -> runningQueries() == 0);
  }

  private static void fails(Statement statement, String sql, String state, int position) {
    assertThatThrownBy(() -> statement.executeQuery(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            PSQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo(state);
              assertThat(e.getServerErrorMessage().getPosition()).isEqualTo(position);
            });
  }

  @Test
  void errorsHaveAStateAndAPlace() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      fails(statement, "select event,\n  nocolumn from events", "42703", 17);
      fails(statement, "select 'ü', x from pg_catalog.pg_class c", "42703", 13);
      fails(statement, "select 1 frm m n", "42601", 14);
      fails(statement, "select * from public.other", "42P01", 22);
      fails(statement, "select * from read_csv('/etc/passwd')", "42883", 15);
      fails(statement, "select * from duckdb_settings()", "42883", 15);
      fails(statement, "delete from events", "25006", 0);
      connection.setAutoCommit(false);
      fails(statement, "select nothere", "42703", 8);
      fails(statement, "select 1", "25P02", 0);
      connection.rollback();
      assertThat(statement.executeQuery("select 1").next()).isTrue();
    }
  }

  @Test
  void onlyAKeyOfTheProjectOpensIt() {
    assertThatThrownBy(() -> connect("postgresql", "wrong"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    assertThatThrownBy(() ->
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/other", "me", weir.apiKey()))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    assertThatThrownBy(() -> connect("redshift", "wrong", "ssl", "false"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void idleConnectionsWithoutALoginLockNobodyOut() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 150; i++) {
        idle.add(new Socket("127.0.0.1", port));
      }
      try (Connection connection = connect();
          Connection another = connect()) {
        assertThat(connection.createStatement().executeQuery("select 1").next()).isTrue();
        assertThat(another.createStatement().executeQuery("select 1").next()).isTrue();
      }
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void redshiftsDriver() throws SQLException {
    try (Connection connection = connect("redshift", weir.apiKey(), "ssl", "false");
        PreparedStatement statement =
            connection.prepareStatement(
                "select count(*), max(price), max(timestamp) from product_viewed where sku = ?")) {
      statement.setString(1, "S3");
      ResultSet row = statement.executeQuery();
      assertThat(row.next()).isTrue();
      assertThat(row.getLong(1)).isEqualTo(1);
      assertThat(row.getDouble(2)).isEqualTo(3.5);
      assertThat(column(connection.getMetaData().getTables(null, null, "%", null), "TABLE_NAME"))
          .containsAll(TABLES);
      ResultSet columns =
          connection.getMetaData().getColumns(null, "public", "product_viewed", "%");
      assertThat(column(columns, "COLUMN_NAME")).contains("event", "price");
    }
  }

  private static String run(List<String> command, String input) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", weir.apiKey());
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  @Test
  void thePortIsAnnouncedAndExamined() throws Exception {
    assertThat(Files.readString(folder.resolve("data.out")))
        .contains("PostgreSQL  127.0.0.1:" + port + ", database default");
    Configuration settings =
        ConfigurationLoader.load(
            folder.resolve("weir.yaml"),
            Map.of(),
            Map.of("--data", new ConfigurationLoader.Option(Settings.DATA, folder + "/data")));
    assertThat(Doctor.examine(settings, InstantSource.system(), System::nanoTime))
        .anySatisfy(finding -> {
          assertThat(finding.subject()).isEqualTo("port for PostgreSQL clients");
          assertThat(finding.found()).isEqualTo(port + " is served");
        });
  }

  @Test
  void psql() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/psql")), "psql is not installed");
    String port = Integer.toString(PostgresClientsTest.port);
    List<String> command =
        List.of("/usr/bin/psql", "-X", "-h", "127.0.0.1", "-p", port, "-U", "me", "-d", "default");
    String said =
        run(
            command,
            "\\dt\n\\d product_viewed\n\\l\n\\dn\n\\df\n\\du\nbegin; select 40 + 2; commit;\n"
                + "select sum(price) as total from product_viewed;\nselect * from nothere;\n");
    assertThat(said)
        .contains("public | product_viewed | table", "double precision", "42", "125000")
        .contains("ERROR:  there is no table nothere", "LINE 1: select * from nothere")
        .doesNotContain("not allowed");
  }

  @Test
  void odbc() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/isql")), "unixodbc is not installed");
    String drivers = run(List.of("/usr/bin/odbcinst", "-q", "-d"), "");
    assumeTrue(drivers.contains("PostgreSQL Unicode"), "odbc-postgresql is not installed");
    String connection =
        "Driver={PostgreSQL Unicode};Server=127.0.0.1;Port=%d;Database=default;UID=me;PWD=%s"
            .formatted(port, weir.apiKey());
    String said =
        run(
            List.of("/usr/bin/isql", "-b", "-v", "-k", connection),
            "select count(*), max(price) from product_viewed\nhelp\nhelp product_viewed\n");
    assertThat(said)
        .contains(Integer.toString(EVENTS), "499.5", "sessions", "sku")
        .doesNotContain("ERROR");
  }
}
