package weir.query.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.ChildJvm;

class FileSandboxTest {
  @TempDir Path dir;

  @Test
  void nothingButTheSpillFolderIsWritable() throws Exception {
    Path lake = Files.createDirectories(dir.resolve("lake"));
    Path spill = Files.createDirectories(dir.resolve("spill"));
    Path file = Files.writeString(lake.resolve("f.parquet"), "precious");
    ChildJvm.Result child =
        ChildJvm.run(Confined.class, List.of(), lake.toString(), spill.toString());
    assumeTrue(
        !child.output().contains("unsupported"),
        () -> "this system cannot confine a process: " + child.output());
    assertThat(child.output().lines().toList())
        .as(child.output())
        .contains(
            "java: refused",
            "thread: refused",
            "delete: refused",
            "truncate: refused",
            "rename: refused",
            "duckdb: refused",
            "run: refused",
            "connect: refused",
            "spill: done",
            "duckdb spill: done",
            "read: done");
    assertThat(Files.readString(file)).isEqualTo("precious");
    assertThat(lake).isDirectoryNotContaining(path -> !path.equals(file));
    assertThat(spill.resolve("ok.parquet")).isNotEmptyFile();
  }

  /** Tries to write all over the place. */
  static final class Confined {
    private Confined() {}

    private interface Act {
      void run() throws IOException, SQLException;
    }

    public static void main(String[] args) throws Exception {
      Path lake = Path.of(args[0]);
      Path spill = Path.of(args[1]);
      Path file = lake.resolve("f.parquet");
      try (Connection loaded = DriverManager.getConnection("jdbc:duckdb:");
          ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        loaded.createStatement().execute("SELECT 1");
        if (FileSandbox.enter(List.of(spill)) instanceof FileSandbox.Outcome.Unsupported no) {
          System.out.println("unsupported: " + no.reason());
          return;
        }
        attempt("java", () -> Files.writeString(lake.resolve("new"), "x"));
        CompletableFuture.runAsync(
                () -> attempt("thread", () -> Files.writeString(lake.resolve("new"), "x")))
            .join();
        attempt("delete", () -> Files.delete(file));
        attempt("truncate", () -> Files.newOutputStream(file).close());
        attempt("rename", () -> Files.move(file, lake.resolve("other")));
        attempt("duckdb", () -> copy(file));
        attempt("run", () -> new ProcessBuilder("/bin/true").start());
        attempt(
            "connect",
            () -> new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()).close());
        attempt("spill", () -> Files.writeString(spill.resolve("new"), "x"));
        attempt("duckdb spill", () -> copy(spill.resolve("ok.parquet")));
        attempt("read", () -> Files.readString(file));
      }
    }

    private static void copy(Path to) throws SQLException {
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = connection.createStatement()) {
        statement.execute("COPY (SELECT 1 AS x) TO '" + to + "' (FORMAT parquet)");
      }
    }

    private static void attempt(String name, Act act) {
      try {
        act.run();
        System.out.println(name + ": done");
      } catch (IOException | SQLException | UncheckedIOException e) {
        System.out.println(name + ": refused");
      }
    }
  }
}
