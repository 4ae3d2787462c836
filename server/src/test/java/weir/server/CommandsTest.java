package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.cli.WeirCommand;

/** What people type, against a real Weir. */
class CommandsTest {
  @TempDir Path temp;

  private record Run(int status, String out, String err) {}

  private Run weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data");
    all.add(temp.resolve("data").toString());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        WeirCommand.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(new String[0]));
    return new Run(status, out.toString(), err.toString());
  }

  @Test
  void tablesSnapshotsAndQueries() throws Exception {
    Path csv =
        Files.writeString(temp.resolve("plans.csv"), "plan,price,code\nfree,0,7\nbig,20,8\n");
    Path uneven = Files.writeString(temp.resolve("uneven.csv"), "plan,price\nfree\n");
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      weir.send(
          "/v1/track", "{\"event\":\"sold\",\"userId\":\"u\",\"properties\":{\"plan\":\"big\"}}");
      weir.awaitNumber("select count(*) from sold", 1);

      Run put = weir("table", "put", "plans", csv.toString(), "--types", "code:VARCHAR");
      assertThat(put.out()).as(put.err()).startsWith("stored plans: 2 rows, 3 columns, ");
      assertThat(weir("table", "show", "plans").out())
          .contains("plan    VARCHAR", "price   BIGINT", "code    VARCHAR");
      Run refused = weir("table", "put", "plans", uneven.toString());
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err()).contains("line 2 has 1 values, the header has 2");
      assertThat(weir("table", "put", "x", temp.resolve("none.csv").toString()).err())
          .contains("there is no file");
      Run kept =
          weir(
              "table",
              "keep",
              "dear",
              "select * from plans where price > ? and plan = ?",
              "--param",
              "5",
              "--param",
              "big");
      assertThat(kept.out()).as(kept.err()).startsWith("stored dear: 1 row, 3 columns, ");
      assertThat(weir("table", "list").out()).contains("dear", "plans", "(2 rows)");
      assertThat(weir("table", "drop", "dear").out()).isEqualTo("dropped dear\n");
      assertThat(weir("table", "drop", "dear").err()).contains("there is no stored table dear");

      assertThat(weir("snapshot", "create", "before").out())
          .startsWith("before is what the tables held at")
          .endsWith(": 1 event\n");
      weir.send("/v1/track", "{\"event\":\"sold\",\"userId\":\"u\"}");
      weir.awaitNumber("select count(*) from sold", 2);
      String count = "select count(*) as n from sold";
      assertThat(weir("query", count, "--as-of", "before", "--format", "csv").out())
          .containsPattern("n\\r?\\n1\\r?\\n");
      assertThat(weir("query", count, "--as-of", "never").err()).contains("no_snapshot");
      assertThat(weir("snapshot", "list").out()).contains("before", "(1 row)");
      assertThat(weir("snapshot", "drop", "before").status()).isZero();
      assertThat(weir("snapshot", "drop", "before").err()).contains("there is no snapshot before");

      assertThat(weir("query", "select ? as a, ? as b", "--param", "17", "--param", "\"17\"").out())
          .contains(" a  b");
      Path file = temp.resolve("plans.parquet");
      Run parquet =
          weir("query", "select * from plans", "--format", "parquet", "--output", file.toString());
      assertThat(parquet.status()).as(parquet.err()).isZero();
      assertThat(parquetRows(file)).isEqualTo(2);
      assertThat(weir("table", "put", "again", file.toString()).out())
          .startsWith("stored again: 2 rows");
      Run wrong = weir("query", "select nothing", "--output", temp.resolve("no.txt").toString());
      assertThat(wrong.status()).isEqualTo(1);
      assertThat(temp.resolve("no.txt")).doesNotExist();
    }
  }

  private static long parquetRows(Path file) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet rows =
            duck.createStatement().executeQuery("select count(*) from '" + file + "'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
