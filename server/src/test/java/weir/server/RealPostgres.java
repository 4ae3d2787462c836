package weir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import weir.testkit.FreePorts;

/** A PostgreSQL 15 of its own, which says what is right. */
final class RealPostgres implements AutoCloseable {
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
  private static final String USER = "weir";

  private final Process process;
  private final int port;

  private RealPostgres(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether one can be started; Debian's packages are looked for. */
  static boolean isInstalled() {
    return Files.isExecutable(PROGRAMS.resolve("initdb"));
  }

  /** Starts one with its files in a folder, which is not to exist yet. */
  static RealPostgres start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> prefix = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) { // it does not run as root
      prefix.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
      open(folder);
      run(List.of("chown", "nobody", folder.toString()));
    }
    Path data = folder.resolve("data");
    List<String> init = new ArrayList<>(prefix);
    init.addAll(
        List.of(
            PROGRAMS.resolve("initdb").toString(),
            "--pgdata=" + data,
            "--username=" + USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
    run(init);
    int port = FreePorts.next();
    List<String> serve = new ArrayList<>(prefix);
    serve.addAll(
        List.of(
            PROGRAMS.resolve("postgres").toString(),
            "-D",
            data.toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "timezone=UTC",
            "-c",
            "fsync=off"));
    Process process =
        new ProcessBuilder(serve)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolveSibling(folder.getFileName() + ".out").toFile())
            .start();
    RealPostgres started = new RealPostgres(process, port);
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(started::answers);
    return started;
  }

  /** Lets others pass through the folders above. */
  private static void open(Path folder) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    for (Path each = folder;
        each.startsWith(temporary) && !each.equals(temporary);
        each = Optional.ofNullable(each.getParent()).orElse(temporary)) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " said:\n" + said);
    }
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("PostgreSQL ended with " + process.exitValue());
    }
    try (Connection connection = connect()) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, "");
  }

  int port() {
    return port;
  }

  /** Ends it at once; what is in it is lost. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
