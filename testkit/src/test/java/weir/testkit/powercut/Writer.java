package weir.testkit.powercut;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs to be traced: right ones, and ones that forget something. */
final class Writer {
  static final int VERSIONS = 12;

  private final Path work;
  private final Path root;
  private final FileChannel marks;

  private Writer(Path work) throws IOException {
    this.work = work;
    this.root = work.resolve("root");
    this.marks =
        FileChannel.open(
            work.resolve("marks"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  public static void main(String[] arguments) throws Exception {
    Writer writer = new Writer(Path.of(arguments[0]));
    Files.createDirectories(writer.root);
    switch (arguments[1]) {
      case "log" -> writer.log(true, true);
      case "log-without-fsync" -> writer.log(false, true);
      case "log-without-directory-fsync" -> writer.log(true, false);
      case "publish" -> writer.publish(true, true);
      case "publish-without-fsync" -> writer.publish(false, true);
      case "publish-without-directory-fsync" -> writer.publish(true, false);
      case "every-call" -> writer.everyCall();
      case "killed" -> writer.killed(Integer.parseInt(arguments[2]));
      case "sqlite" -> writer.sqlite(arguments[2], arguments[3]);
      case "endless" -> writer.endless();
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  static String line(String number) {
    return "<" + number + ":" + number.repeat(400) + ">";
  }

  static byte[] version(int version) {
    byte[] bytes = new byte[1000 + version * 700];
    new Random(version).nextBytes(bytes);
    return bytes;
  }

  private void mark(String text) throws IOException {
    marks.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }

  private void log(boolean syncsFile, boolean syncsDirectory) throws IOException {
    Path directory = root.resolve("a");
    Files.createDirectory(directory);
    sync(root);
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("lines"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      if (syncsDirectory) {
        sync(directory);
      }
      for (int i = 0; i < 30; i++) {
        file.write(ByteBuffer.wrap(line(Integer.toString(i)).getBytes(StandardCharsets.UTF_8)));
        if (syncsFile) {
          file.force(false);
        }
        mark("line " + i);
      }
    }
  }

  private void publish(boolean syncsFile, boolean syncsDirectory) throws IOException {
    for (int i = 0; i < VERSIONS; i++) {
      Path temporary = root.resolve("published.tmp");
      try (FileChannel file =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(version(i)));
        if (syncsFile) {
          file.force(true);
        }
      }
      Files.move(temporary, root.resolve("published"), StandardCopyOption.ATOMIC_MOVE);
      if (syncsDirectory) {
        sync(root);
      }
      mark("version " + i);
    }
  }

  private void everyCall() throws IOException, InterruptedException {
    Files.createDirectories(root.resolve("x/y/z"));
    Files.writeString(root.resolve("x/appended"), "one");
    Files.writeString(root.resolve("x/appended"), "two", StandardOpenOption.APPEND);
    Files.writeString(root.resolve("x/truncated"), "a longer text");
    Files.writeString(root.resolve("x/truncated"), "short");
    Files.copy(root.resolve("x/appended"), root.resolve("x/y/copied"));
    Files.createLink(root.resolve("linked"), root.resolve("x/appended"));
    Files.writeString(root.resolve("linked"), "three", StandardOpenOption.APPEND);
    Files.writeString(root.resolve("removed"), "gone");
    Files.delete(root.resolve("removed"));
    Files.move(root.resolve("x/y"), root.resolve("moved"));
    Files.delete(root.resolve("moved/z"));
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("random").toFile(), "rwd")) {
      file.setLength(10_000);
      file.seek(5_000);
      file.write(new byte[] {1, 2, 3});
      file.setLength(6_000);
    }
    try (FileChannel file =
        FileChannel.open(
            root.resolve("gathered"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(new byte[9])});
      file.write(ByteBuffer.wrap(new byte[] {7}), 4);
    }
    try (FileChannel file =
        FileChannel.open(
            root.resolve("mapped"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      file.map(MapMode.READ_WRITE, 0, 100).put(3, (byte) 3);
    }
    shell("cd root && echo hello >> from-shell && (echo more; echo again >&2) >> from-shell 2>&1");
    shell("exec 5>>root/kept && (echo child >&5) && echo parent >&5 && mv root/kept root/kept2");
    snapshot();
  }

  /** Commits rows in transactions of two, with another table that says how many there are. */
  private void sqlite(String journal, String synchronous) throws IOException, SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + root.resolve("rows.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = " + journal);
      statement.execute("PRAGMA synchronous = " + synchronous);
      statement.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)");
      statement.execute("CREATE TABLE total (rows INTEGER)");
      statement.execute("INSERT INTO total VALUES (0)");
      mark("rows 0");
      for (int i = 0; i < 40; i += 2) {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute("INSERT INTO rows VALUES (" + i + ", '" + "x".repeat(i * 50) + "')");
        statement.execute("INSERT INTO rows VALUES (" + (i + 1) + ", 'y')");
        statement.execute("UPDATE total SET rows = rows + 2");
        statement.execute("COMMIT");
        mark("rows " + (i + 2));
        if (i == 20) {
          statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
      }
    }
  }

  private void shell(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", script).directory(work.toFile()).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + script);
    }
  }

  /** Kills children that write as fast as they can, several times over. */
  private void killed(int seed) throws IOException, InterruptedException {
    for (int round = 0; round < 3; round++) {
      Process child =
          new ProcessBuilder(
                  List.of(
                      ProcessHandle.current().info().command().orElseThrow(),
                      "-XX:+UseSerialGC",
                      "-cp",
                      System.getProperty("java.class.path"),
                      Writer.class.getName(),
                      work.toString(),
                      "endless"))
              .inheritIO()
              .start();
      long size = 20_000L + seed * 7_000L + round * 3_000L;
      while (written() < size * (round + 1) && child.isAlive()) {
        Thread.onSpinWait();
      }
      mark(SyscallTrace.KILL);
      child.destroyForcibly();
      if (!child.waitFor(20, TimeUnit.SECONDS)) {
        throw new IOException("the child lives on");
      }
      snapshot();
    }
  }

  private long written() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(file -> file.toString().contains("endless")).count() * 1000;
    }
  }

  private void endless() throws IOException, InterruptedException {
    List<Thread> threads =
        Stream.of("p", "q", "r")
            .map(name -> Thread.ofPlatform().name(name).start(() -> endless(name)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void endless(String name) {
    try (FileChannel shared =
        FileChannel.open(
            root.resolve("shared-" + name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; ; i++) {
        shared.write(ByteBuffer.wrap(version(i % VERSIONS)), i * 100L);
        Path path = root.resolve("endless-" + ProcessHandle.current().pid() + "-" + name + i);
        Files.write(path, version(i % 3));
        Files.move(path, root.resolve(path.getFileName() + ".done"));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void snapshot() throws IOException {
    Path copy = Files.createTempDirectory(work, "snapshot");
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path to = copy.resolve(root.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
        } else {
          Files.copy(path, to);
        }
      }
    }
    mark(SyscallTrace.SNAPSHOT + copy);
  }
}
