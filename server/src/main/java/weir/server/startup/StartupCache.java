package weir.server.startup;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.directory.TemporaryFolder;

/**
 * The file in which a JVM finds loaded and linked classes, so that it need not load them again
 * (ahead-of-time cache, JEP 483 and 514). It fits one build of Java and one set of jars alone; a
 * JVM for which it does not fit passes it over. So it is made where it is used.
 */
public final class StartupCache {
  private static final Logger LOG = LoggerFactory.getLogger(StartupCache.class);
  private static final String PROPERTY = "weir.startup.cache";
  private static final int MINUTES = 5;

  /**
   * With profiles in the cache, a start compiles at once what the rehearsal called often: half a
   * second of a core in each process, at the very moment at which all of them start.
   */
  private static final List<String> WITHOUT_PROFILES =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTRecordTraining");

  /**
   * At the address that it was made for, its pages are not changed, and all processes share them.
   */
  private static final List<String> SHARED =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0");

  private final Path file;
  private final Path libraries;
  private final NativeLibraries natives;

  private StartupCache(Path file) {
    this.file = file;
    this.libraries = file.resolveSibling(file.getFileName() + ".libs");
    this.natives = new NativeLibraries(libraries);
  }

  /** The one that the launcher has named; none where it named none. */
  public static Optional<StartupCache> named() {
    String name = System.getProperty(PROPERTY, "");
    return name.isEmpty() ? Optional.empty() : Optional.of(new StartupCache(Path.of(name)));
  }

  public Path file() {
    return file;
  }

  public boolean exists() {
    return Files.exists(file);
  }

  /** What a JVM must be started with so that it uses this one if it is there. */
  public List<String> options() {
    List<String> options = new ArrayList<>();
    options.add("-D" + PROPERTY + "=" + file);
    options.addAll(natives.options());
    if (exists()) {
      options.add("-XX:AOTCache=" + file);
      options.add("-Xlog:aot=off,cds=off");
      options.addAll(SHARED);
    }
    return options;
  }

  /** The class path of a JVM that is started with {@link #options}. */
  public String classPath() {
    return natives.classPath(System.getProperty("java.class.path"));
  }

  /**
   * Makes it, in place of one that is there, by a rehearsal in another process: 10 to 30 seconds of
   * a core and a few hundred megabytes of memory meanwhile. Interrupted, it ends that process.
   *
   * @throws IOException if it cannot be made; one that is there stays
   */
  public void make() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
    Path work = Files.createTempDirectory("weir-rehearsal");
    Path draft = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      unpackLibraries(folder);
      rehearse(work, draft);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
      Files.deleteIfExists(draft.resolveSibling(draft.getFileName() + ".config")); // the JVM's own
      TemporaryFolder.delete(work);
    }
  }

  /** Those that are there stay: processes may be using them. */
  private void unpackLibraries(Path folder) throws IOException {
    if (Files.exists(libraries)) {
      return;
    }
    Path draft = Files.createTempDirectory(folder, libraries.getFileName() + ".");
    try {
      NativeLibraries.unpack(System.getProperty("java.class.path"), draft);
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(draft, libraries, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      LOG.debug("another process has unpacked the libraries", e);
    } finally {
      if (Files.exists(draft)) {
        TemporaryFolder.delete(draft);
      }
    }
  }

  private void rehearse(Path work, Path draft) throws IOException, InterruptedException {
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(command(work, draft))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new IOException("the rehearsal does not end");
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0 || !Files.exists(draft)) {
      throw new IOException("the rehearsal failed:\n" + Files.readString(output));
    }
  }

  private List<String> command(Path work, Path draft) {
    List<String> command = new ArrayList<>();
    Path nice = Path.of("/usr/bin/nice");
    if (Files.isExecutable(nice)) {
      command.addAll(List.of(nice.toString(), "-n", "15"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:AOTCacheOutput=" + draft);
    command.addAll(WITHOUT_PROFILES);
    command.addAll(natives.options());
    command.addAll(
        List.of(
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dfile.encoding=UTF-8",
            "-Dio.netty.jfr.enabled=false",
            "-cp",
            classPath(),
            "weir.server.Main",
            "rehearse",
            work.resolve("data").toString()));
    return command;
  }
}
