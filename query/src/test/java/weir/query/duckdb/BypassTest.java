package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.ChildJvm;
import weir.query.sandbox.FileSandbox;
import weir.query.tables.ProjectFacts;
import weir.testkit.hostile.HostileStatements;
import weir.testkit.hostile.Leaks;

/**
 * What a statement that nobody checked can do: an instance gets all of them as they are, in a
 * process that is confined as the query role's is.
 */
class BypassTest {
  @TempDir Path dir;

  @Test
  void anInstanceReachesItsProjectAlone() throws Exception {
    try (HostileWorld world = new HostileWorld(dir);
        ServerSocket network = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Map<String, String> places = world.places(HostileWorld.OTHER_WORD);
      Path spill = Path.of(places.getOrDefault("spill", ""));
      String kept = HostileWorld.OTHER_WORD + "kept";
      Files.writeString(Files.createDirectories(spill.resolve("results")).resolve("kept"), kept);
      Path exports =
          Files.createDirectories(spill.resolve("temporary").resolve(HostileWorld.OTHER));
      Files.writeString(exports.resolve("exported"), kept);
      Map<Path, String> before = world.files();
      ChildJvm.Result child =
          ChildJvm.run(
              Unguarded.class,
              List.of(),
              dir.toRealPath().toString(),
              places.getOrDefault("own_folder", ""),
              places.getOrDefault("own_file", ""),
              places.getOrDefault("other_file", ""),
              Integer.toString(network.getLocalPort()));
      assumeTrue(
          !child.output().contains("unsupported"),
          () -> "this system cannot confine a process: " + child.output());
      assertThat(child.exit()).as(child.output()).isZero();
      assertThat(child.output()).contains("own file: read").doesNotContain("LEAK");
      assertThat(world.files()).isEqualTo(before);
      assertThat(exports.resolve("exported")).hasContent(kept);
      assertThat(Path.of("/tmp/weir-hostile-new.csv")).doesNotExist();
      assertThat(Path.of("/dev/shm/weir-hostile-new.csv")).doesNotExist();
      network.setSoTimeout(1);
      assertThatThrownBy(network::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  /** An instance of the own project, without a gateway. */
  static final class Unguarded {
    private static final long SECONDS = 2;

    private Unguarded() {}

    public static void main(String[] args) throws Exception {
      Path dir = Path.of(args[0]);
      Path spill = dir.resolve("spill");
      Map<String, String> places = places(args);
      DuckDbEngine.load();
      if (FileSandbox.enter(List.of(spill)) instanceof FileSandbox.Outcome.Unsupported no) {
        System.out.println("unsupported: " + no.reason());
        return;
      }
      DuckDbOptions options = new DuckDbOptions(spill, 64L << 20, 1L << 30, 2, 2);
      try (ProjectDatabase database =
              ProjectDatabase.locked(
                  options,
                  HostileWorld.OWN,
                  new ProjectFacts(Set.of()),
                  new Reach(List.of(), Set.of(Path.of(places.get("own_file"))), null, Set.of()));
          ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor()) {
        try (Connection connection = database.connect()) {
          seen(connection, "from '" + places.get("own_file") + "'", watch);
          System.out.println("own file: read");
        }
        Stream.concat(
                HostileStatements.bypass().stream(),
                HostileStatements.all().stream()
                    .filter(each -> each.outcome() == HostileStatements.Outcome.REFUSED))
            .map(statement -> statement.sql(places))
            .forEach(sql -> run(database, sql, watch));
        watch.shutdownNow();
      }
    }

    private static Map<String, String> places(String[] args) {
      return Map.ofEntries(
          Map.entry("lake", args[0] + "/lake"),
          Map.entry("spill", args[0] + "/spill"),
          Map.entry("scratch", args[0] + "/scratch"),
          Map.entry("secret_file", args[0] + "/scratch/secret.csv"),
          Map.entry("own_folder", args[1]),
          Map.entry("other_folder", args[1] + "-" + HostileWorld.OTHER_WORD),
          Map.entry("own_file", args[2]),
          Map.entry("other_file", args[3]),
          Map.entry("port", args[4]),
          Map.entry("other", HostileWorld.OTHER),
          Map.entry("prefix", HostileWorld.OTHER_WORD),
          Map.entry("other_event", HostileWorld.OTHER_WORD + "event"),
          Map.entry("other_user", HostileWorld.OTHER_WORD + "user_id0"));
    }

    private static void run(ProjectDatabase database, String sql, ScheduledExecutorService watch) {
      String text;
      try (Connection connection = database.connect()) {
        text = seen(connection, sql, watch);
      } catch (SQLException | DateTimeException e) {
        text = String.valueOf(e.getMessage());
      }
      String asked = sql.toLowerCase(Locale.ROOT);
      String told = text.toLowerCase(Locale.ROOT);
      boolean leaks = !Leaks.words(HostileWorld.OTHER_WORD, told, asked).isEmpty();
      String path = System.getenv("PATH").toLowerCase(Locale.ROOT);
      if (leaks || Stream.of("root:x:0:0", path, "path=").anyMatch(told::contains)) {
        System.out.println("LEAK " + sql + ": " + text);
      }
    }

    private static String seen(Connection connection, String sql, ScheduledExecutorService watch)
        throws SQLException {
      StringBuilder text = new StringBuilder();
      try (Statement statement = connection.createStatement()) {
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
  }
}
