package weir.server.startup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Libraries of machine code, unpacked once for all processes. Otherwise each process unpacks its
 * own from their jars: DuckDB's takes 0.4 seconds of a core, and 70 MB of disk and of memory that
 * is not shared.
 *
 * <p>DuckDB takes the library from beside its jar where the jar has none, so there is a jar without
 * it here too, which stands on the class path in place of the other one.
 */
final class NativeLibraries {
  private static final String DUCKDB_JAR = "duckdb_jdbc-";
  private static final String DUCKDB_LIBRARY = "libduckdb_java.so_";
  private static final String SQLITE_JAR = "sqlite-jdbc-";

  private final Path folder;

  NativeLibraries(Path folder) {
    this.folder = folder;
  }

  /** What a JVM must be started with so that it uses these, if they are there. */
  List<String> options() {
    return Files.exists(folder.resolve(LibraryLoaderUtil.getNativeLibName()))
        ? List.of("-Dorg.sqlite.lib.path=" + folder)
        : List.of();
  }

  /** A class path with the jars from here in place of those of the same name. */
  String classPath(String original) {
    return Arrays.stream(original.split(File.pathSeparator, -1))
        .map(jar -> {
          Path ours = folder.resolve(new File(jar).getName());
          return Files.isRegularFile(ours) ? ours.toString() : jar;
        })
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Unpacks them into an empty folder, which is to be moved to its place.
   *
   * @param classPath of this process
   */
  static void unpack(String classPath, Path into) throws IOException {
    for (String path : classPath.split(File.pathSeparator)) {
      Path jar = Path.of(path);
      String name = new File(path).getName();
      if (name.startsWith(DUCKDB_JAR)) {
        divide(jar, DUCKDB_LIBRARY + platform(), into);
      } else if (name.startsWith(SQLITE_JAR)) {
        String library = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath().substring(1);
        copy(jar, resource + "/" + library, into.resolve(library));
      }
    }
  }

  /** As DuckDB names it. */
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean arm = processor.equals("aarch64") || processor.equals("arm64");
    return (system.startsWith("mac") ? "macos" : "linux") + "_" + (arm ? "arm64" : "amd64");
  }

  /** Writes a library, and a jar that has all but such libraries; nothing if it is not there. */
  private static void divide(Path jar, String library, Path into) throws IOException {
    copy(jar, library, into.resolve(library));
    if (!Files.exists(into.resolve(library))) {
      return;
    }
    try (ZipFile from = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(into.resolve(jar.getFileName()));
        ZipOutputStream to = new ZipOutputStream(file)) {
      List<ZipEntry> entries = new ArrayList<>();
      from.stream()
          .filter(each -> !each.getName().startsWith(DUCKDB_LIBRARY))
          .forEach(entries::add);
      for (ZipEntry entry : entries) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        try (InputStream content = from.getInputStream(entry)) {
          content.transferTo(to);
        }
        to.closeEntry();
      }
    }
  }

  private static void copy(Path jar, String name, Path to) throws IOException {
    try (ZipFile from = new ZipFile(jar.toFile())) {
      ZipEntry entry = from.getEntry(name);
      if (entry != null) {
        try (InputStream content = from.getInputStream(entry)) {
          Files.copy(content, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
