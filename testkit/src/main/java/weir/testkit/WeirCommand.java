package weir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command that runs Weir: from jars and with a start-up cache, as the launcher does, where the
 * environment names the folder that they were built in; from this JVM's class path elsewhere, as in
 * an IDE.
 *
 * <p>The cache halves what a start costs. It is made once, by whichever process of tests needs it
 * first, if the environment asks for it: that takes longer than a few starts.
 */
public final class WeirCommand {
  /** Names the server's build folder, with its jar and those it needs in {@code lib}. */
  private static final String BUILT = "WEIR_TEST_BUILT";

  /** Asks for a start-up cache. */
  private static final String PREPARE = "WEIR_TEST_PREPARE";

  private static final String MAIN = "weir.server.Main";

  /** Those of the launcher that matter to what lives for seconds. */
  private static final List<String> LAUNCHER =
      List.of("-Xms32m", "-Xmx768m", "-XX:+UseSerialGC", "-Dio.netty.jfr.enabled=false");

  private static volatile @Nullable Launch launch;

  private WeirCommand() {}

  private record Launch(String classPath, List<String> options) {}

  /** The command. */
  public static List<String> of(List<String> jvmOptions, String... arguments) {
    Launch found = launch();
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(LAUNCHER);
    command.addAll(jvmOptions);
    command.addAll(found.options());
    command.addAll(List.of("-cp", found.classPath(), MAIN));
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static synchronized Launch launch() {
    Launch found = launch;
    if (found == null) {
      found = find();
      launch = found;
    }
    return found;
  }

  private static Launch find() {
    String built = System.getenv(BUILT);
    if (built == null || built.isEmpty()) {
      return new Launch(System.getProperty("java.class.path"), List.of());
    }
    try {
      Path folder = Path.of(built).toAbsolutePath().normalize();
      List<Path> jars = jars(folder);
      String place = Integer.toHexString(folder.toString().hashCode());
      Path cache = folder.resolve("test-startup-" + place); // it fits one place alone
      if (System.getenv(PREPARE) != null) {
        prepare(cache, jars);
      }
      return isNewer(cache, jars)
          ? new Launch(classPath(jars, cache), options(cache))
          : new Launch(classPath(jars, cache), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(built + " holds no built Weir", e);
    }
  }

  /** In the launcher's order: a start-up cache fits one order alone. */
  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> own = Files.list(folder);
        Stream<Path> others = Files.list(folder.resolve("lib"))) {
      return Stream.concat(
              own.filter(file -> name(file).startsWith("weir-server-")).sorted(), others.sorted())
          .filter(file -> name(file).endsWith(".jar"))
          .toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path libraries(Path cache) {
    return cache.resolveSibling(name(cache) + ".libs");
  }

  /** Jars whose libraries of machine code are unpacked stand beside the cache. */
  private static String classPath(List<Path> jars, Path cache) {
    return jars.stream()
        .map(jar -> {
          Path unpacked = libraries(cache).resolve(name(jar));
          return (Files.exists(unpacked) ? unpacked : jar).toString();
        })
        .collect(Collectors.joining(":"));
  }

  private static List<String> options(Path cache) {
    return List.of(
        "-Dweir.startup.cache=" + cache,
        "-XX:AOTCache=" + cache,
        "-Xlog:aot=off,cds=off",
        "-Dorg.sqlite.lib.path=" + libraries(cache));
  }

  private static boolean isNewer(Path cache, List<Path> jars) throws IOException {
    if (!Files.exists(cache)) {
      return false;
    }
    for (Path jar : jars) {
      if (Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(cache)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static void prepare(Path cache, List<Path> jars) throws IOException {
    Path lock = cache.resolveSibling(name(cache) + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      if (!held.isValid() || isNewer(cache, jars)) {
        return;
      }
      ProcessBuilder command =
          new ProcessBuilder(
                  java(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-Dweir.startup.cache=" + cache,
                  "-cp",
                  classPath(jars, cache),
                  MAIN,
                  "prepare")
              .redirectErrorStream(true)
              .redirectOutput(cache.resolveSibling(name(cache) + ".out").toFile());
      command.environment().remove("JDK_JAVA_OPTIONS"); // those of what lives for seconds
      Process process = command.start();
      try {
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
          throw new IOException("no start-up cache: see " + cache + ".out");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("making a start-up cache was interrupted", e);
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
