package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.FreePorts;

/** Tools that speak PostgreSQL: the real ones, or the statements that they are known to send. */
class PostgresToolsTest {
  private static final int EVENTS = 500;

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
    for (int i = 0; i < EVENTS; i++) {
      batch.append(batch.isEmpty() ? "" : ",");
      batch.append(
          "{\"type\":\"track\",\"event\":\"Product Viewed\",\"userId\":\"u%d\",\"properties\":{\"price\":%d.5,\"sku\":\"S%d\"}}"
              .formatted(i % 7, i, i));
    }
    String sold =
        "{\"type\":\"track\",\"event\":\"Item Sold\",\"userId\":\"u\",\"properties\":{\"n\":1}}";
    assertThat(weir.send("/v1/batch", "{\"batch\":[" + batch + "," + sold + "]}").statusCode())
        .isEqualTo(200);
    weir.awaitNumber("select count(*) from events", EVENTS + 1);
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  private static Connection connect(String... more) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "me");
    properties.setProperty("password", weir.apiKey());
    for (int i = 0; i < more.length; i += 2) {
      properties.setProperty(more[i], more[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/default", properties);
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
  void psqlWithAllThatItDescribes() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/psql")), "psql is not installed");
    String commands =
        """
        \\d
        \\d product_viewed
        \\d+ product_viewed
        \\da
        \\dA
        \\dAc
        \\dAf
        \\dAo
        \\dAp
        \\db
        \\db+
        \\dc
        \\dC
        \\dconfig
        \\dd
        \\dD
        \\ddp
        \\dE
        \\des
        \\det
        \\deu
        \\dew
        \\df
        \\df+ now
        \\dF
        \\dF+
        \\dFd
        \\dFp
        \\dFt
        \\dg
        \\di
        \\dl
        \\dL
        \\dm
        \\dn+
        \\do
        \\dO
        \\dp
        \\dP
        \\drds
        \\dRp
        \\dRs
        \\ds
        \\dS
        \\dt+
        \\dT+
        \\du+
        \\dv
        \\dx
        \\dX
        \\dy
        \\l+
        \\z
        \\sf now
        \\copy (select 40 + 2) to stdout
        \\df pg_backend_pid
        explain select count(*) from product_viewed;
        describe product_viewed;
        show tables;
        """;
    String said =
        run(
            List.of(
                "/usr/bin/psql",
                "-X",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "me",
                "-d",
                "default"),
            commands);
    assertThat(said.lines().filter(line -> line.contains("ERROR"))).isEmpty();
    assertThat(said)
        .contains("product_viewed", "42", "pg_backend_pid", "QUERY PLAN", "btree", "int4range");
  }

  private static @Nullable Object argument(Class<?> type) {
    return type == boolean.class ? Boolean.FALSE : type == int.class ? 2 : null;
  }

  @Test
  void everyMethodOfJdbcsMetadata() throws Exception {
    List<Method> methods =
        Arrays.stream(DatabaseMetaData.class.getMethods())
            .filter(method -> method.getDeclaringClass() == DatabaseMetaData.class)
            .sorted(Comparator.comparing(Method::toString))
            .toList();
    List<String> failed = new ArrayList<>();
    for (String mode : List.of("extended", "simple")) {
      try (Connection connection = connect("preferQueryMode", mode)) {
        DatabaseMetaData metadata = connection.getMetaData();
        for (Method method : methods) {
          @Nullable Object[] arguments =
              Arrays.stream(method.getParameterTypes()).map(PostgresToolsTest::argument).toArray();
          try {
            Object answer = method.invoke(metadata, arguments);
            if (answer instanceof ResultSet rows) {
              while (rows.next()) {
                assertThat(rows.getMetaData().getColumnCount()).isPositive();
              }
            }
          } catch (InvocationTargetException e) {
            boolean isAnswered = e.getCause() instanceof java.sql.SQLFeatureNotSupportedException;
            if (!isAnswered) {
              failed.add(mode + ": " + method.getName() + ": " + e.getCause());
            }
          }
        }
      }
    }
    assertThat(failed).isEmpty();
  }

  @Test
  void jdbcsMetadataSaysWhatThereIs() throws SQLException {
    try (Connection connection = connect()) {
      DatabaseMetaData metadata = connection.getMetaData();
      List<String> types = new ArrayList<>();
      try (ResultSet rows = metadata.getColumns(null, "public", "product\\_viewed", "p%")) {
        while (rows.next()) {
          types.add(rows.getString("COLUMN_NAME") + " " + rows.getString("TYPE_NAME"));
        }
      }
      assertThat(types).contains("price float8", "platform text", "properties text");
      try (ResultSet rows = metadata.getFunctions(null, null, "now")) {
        assertThat(rows.next()).isTrue();
      }
      try (ResultSet rows = metadata.getTypeInfo()) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  @Test
  void jdbcSetsDatesAndArrays() throws SQLException {
    String sql =
        "select count(*) from product_viewed where timestamp >= ? and timestamp::date >= ?"
            + " and sku = any(?) and price <> all(?)";
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int again = 0; again < 7; again++) { // later ones are prepared by name
        statement.setDate(1, Date.valueOf("2024-01-02"));
        statement.setDate(2, Date.valueOf("2024-01-02"));
        statement.setArray(3, connection.createArrayOf("text", new Object[] {"S1", "S2", "a\"b"}));
        statement.setArray(4, connection.createArrayOf("float8", new Object[] {1.5}));
        ResultSet row = statement.executeQuery();
        assertThat(row.next()).isTrue();
        assertThat(row.getLong(1)).isEqualTo(1);
      }
    }
  }

  /** Statements of tools.sql, each with the tool before it. */
  private static List<String> statements() throws IOException {
    List<String> statements = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(PostgresToolsTest.class.getResourceAsStream("tools.sql"))) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String tools = all.substring(all.indexOf("-- tool:"));
      for (String statement : tools.split("\n---\n")) {
        if (!statement.isBlank()) {
          statements.add(statement.strip());
        }
      }
    }
    return statements;
  }

  @Test
  void whatOtherToolsAreKnownToSend() throws Exception {
    List<String> failed = new ArrayList<>();
    int sent = 0;
    try (Connection connection = connect("preferQueryMode", "simple");
        Statement statement = connection.createStatement()) {
      for (String sql : statements()) {
        try {
          statement.execute(sql);
          sent++;
        } catch (SQLException e) {
          failed.add(sql + "\n  " + e.getMessage());
        }
      }
    }
    assertThat(String.join("\n\n", failed)).isEmpty();
    assertThat(sent).isGreaterThan(80);
  }

  @Test
  void nodePostgresAndPostgresJs() throws Exception {
    NpmClient client = NpmClient.installed("postgres");
    int exit = client.run("clients.mjs", Integer.toString(port), weir.apiKey());
    assertThat(client.said()).contains("all answered");
    assertThat(exit).isZero();
  }

  @Test
  void odbcByCursors() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/isql")), "unixodbc is not installed");
    String drivers = run(List.of("/usr/bin/odbcinst", "-q", "-d"), "");
    assumeTrue(drivers.contains("PostgreSQL Unicode"), "odbc-postgresql is not installed");
    String connection =
        "Driver={PostgreSQL Unicode};Server=127.0.0.1;Port=%d;Database=default;UID=me;PWD=%s;UseDeclareFetch=1;Fetch=100"
            .formatted(port, weir.apiKey());
    String said =
        run(
            List.of("/usr/bin/isql", "-b", "-v", "-k", connection),
            "select sku from product_viewed order by price\nhelp\nhelp product_viewed\n");
    assertThat(said)
        .contains("S0 ", "S250", "S499", "500 rows", "product_viewed", "price")
        .doesNotContain("ERROR");
  }
}
