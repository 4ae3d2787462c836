package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.Access;
import weir.query.ChildJvm;
import weir.query.Query;
import weir.query.QueryException;
import weir.testkit.hostile.HostileGrammar;
import weir.testkit.hostile.HostileStatements;
import weir.testkit.hostile.Leaks;

/**
 * What a statement reaches that no gateway has checked, in the very connection that a user's
 * statement gets, with no sandbox around the process.
 */
class InstanceWallsTest {
  @TempDir Path dir;

  /** Opens nothing but the files of its snapshot. */
  @Test
  void aStatementReadsItsSnapshotAlone() throws Exception {
    ChildJvm.Result child = unchecked("all");
    assertThat(child.output()).contains("own file: read");
  }

  @Test
  void aStatementOfALimitedKeyReadsNoFile() throws Exception {
    ChildJvm.Result child = unchecked("limited");
    assertThat(child.output()).contains("own file: refused");
  }

  private ChildJvm.Result unchecked(String who) throws Exception {
    long seed = Long.getLong("weir.seed", 20261130);
    int count = "all".equals(System.getProperty("weir.hostile")) ? 1_000 : 300;
    ChildJvm.Result child =
        ChildJvm.run(
            Unchecked.class,
            List.of("-Xss64m"),
            dir.toRealPath().toString(),
            who,
            Integer.toString(count),
            Long.toString(seed));
    assertThat(child.exit()).as(child.output()).isZero();
    assertThat(child.output())
        .contains("rows: read", "leaks: noticed", "done")
        .doesNotContain("LEAK", "OPEN", "WRITTEN");
    assertThat(Path.of("/tmp/weir-hostile-new.csv")).doesNotExist();
    assertThat(Path.of("/dev/shm/weir-hostile-new.csv")).doesNotExist();
    return child;
  }

  /** Runs the statements in a user's connection. */
  static final class Unchecked implements AutoCloseable {
    private static final int STATEMENTS_EACH = 40;
    private static final long SECONDS = 2;

    private final HostileWorld world;
    private final Access access;
    private final List<String> hidden;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private PreparedQuery prepared;
    private int run;

    private Unchecked(HostileWorld world, boolean limited) throws QueryException {
      this.world = world;
      this.access = limited ? HostileWorld.LIMITED : Access.to(HostileWorld.OWN);
      this.hidden =
          limited
              ? List.of(HostileWorld.OTHER_WORD, HostileWorld.HIDDEN_WORD)
              : List.of(HostileWorld.OTHER_WORD);
      this.prepared = prepare();
    }

    /** One may have dropped what the next needs: the engine then makes it anew. */
    private PreparedQuery prepare() throws QueryException {
      String sql = "select * from events, viewed, users, sessions limit 1";
      Query query = new Query(access, sql, List.of());
      try {
        return world.engine().prepare(query, TestEngine.deadline());
      } catch (QueryException e) {
        return world.engine().prepare(query, TestEngine.deadline());
      }
    }

    public static void main(String[] args) throws Exception {
      Path dir = Path.of(args[0]);
      boolean limited = args[1].equals("limited");
      try (HostileWorld world = new HostileWorld(dir);
          Unchecked unchecked = new Unchecked(world, limited)) {
        Map<String, String> places = unchecked.places(dir);
        Map<Path, String> before = world.files();
        unchecked.control(places);
        for (HostileStatements.Statement each : HostileStatements.walls()) {
          unchecked.closed(each.sql(places));
        }
        List<String> all = new ArrayList<>();
        Stream.concat(
                HostileStatements.bypass().stream(),
                HostileStatements.all().stream()
                    .filter(each -> each.outcome() == HostileStatements.Outcome.REFUSED))
            .forEach(each -> all.add(each.sql(places)));
        int count = Integer.parseInt(args[2]);
        HostileGrammar.statements(count, Long.parseLong(args[3]))
            .forEach(sql -> all.add(filled(sql, places)));
        int step = count < 1_000 ? 3 : 1;
        for (int i = 0; i < all.size(); i += step) {
          unchecked.mayRun(all.get(i));
        }
        if (!world.files().equals(before)) {
          System.out.println("WRITTEN");
        }
        System.out.println("done " + unchecked.run);
      }
      System.exit(0);
    }

    private static String filled(String sql, Map<String, String> places) {
      return new HostileStatements.Statement("", HostileStatements.Outcome.OWN, sql).sql(places);
    }

    private Map<String, String> places(Path dir) throws Exception {
      Map<String, String> places = new TreeMap<>(world.places(HostileWorld.OTHER_WORD));
      Path scratch = dir.resolve("scratch");
      Path other = Path.of(places.getOrDefault("other_file", ""));
      places.put("own", HostileWorld.OWN);
      places.put("link", Files.createSymbolicLink(scratch.resolve("link"), other).toString());
      places.put(
          "link_parquet",
          Files.createSymbolicLink(scratch.resolve("link.parquet"), other).toString());
      Path exports = dir.resolve("spill").resolve("temporary").resolve(HostileWorld.OWN);
      Files.writeString(
          Files.createDirectories(exports).resolve("exported"), HostileWorld.OTHER_WORD + "kept");
      return places;
    }

    /** That what is looked for below could be found. */
    private void control(Map<String, String> places) throws SQLException, QueryException {
      String rows = seen("select user_id from events");
      if (rows.contains(HostileWorld.OWN_WORD)) {
        System.out.println("rows: read");
      }
      if (!Leaks.words(HostileWorld.OWN_WORD, rows, "").isEmpty()) {
        System.out.println("leaks: noticed");
      }
      try {
        seen("select * from '" + places.get("own_file") + "'");
        System.out.println("own file: read");
      } catch (SQLException e) {
        System.out.println("own file: refused");
      }
    }

    private void closed(String sql) throws QueryException {
      try {
        String text = seen(sql);
        System.out.println("OPEN " + sql + ": " + text);
      } catch (SQLException | DateTimeException e) {
        leaks(sql, String.valueOf(e.getMessage()));
      }
    }

    private void mayRun(String sql) throws QueryException {
      try {
        leaks(sql, seen(sql));
      } catch (SQLException | DateTimeException e) {
        leaks(sql, String.valueOf(e.getMessage()));
      }
    }

    private void leaks(String sql, String text) {
      String asked = sql.toLowerCase(Locale.ROOT);
      String told = text.toLowerCase(Locale.ROOT);
      boolean leaks = hidden.stream().anyMatch(word -> !Leaks.words(word, told, asked).isEmpty());
      String path = System.getenv("PATH").toLowerCase(Locale.ROOT);
      if (leaks || Stream.of("root:x:0:0", path, "path=").anyMatch(told::contains)) {
        System.out.println("LEAK " + sql + ": " + text);
      }
    }

    private String seen(String sql) throws SQLException, QueryException {
      if (++run % STATEMENTS_EACH == 0) {
        prepared.close();
        prepared = prepare();
      }
      StringBuilder text = new StringBuilder();
      try (Statement statement = prepared.session().connection().createStatement()) {
        var end = watch.schedule(() -> cancel(statement), SECONDS, TimeUnit.SECONDS);
        if (statement.execute(sql)) {
          try (ResultSet rows = statement.getResultSet()) {
            for (int row = 0; row < 1_000 && rows.next(); row++) {
              for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                text.append(rows.getString(i)).append(' ');
              }
            }
          }
        }
        end.cancel(false);
      }
      return text.toString();
    }

    private static void cancel(Statement statement) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      watch.shutdownNow();
      prepared.close();
    }
  }
}
