package weir.server.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir Path folder;

  @Test
  void onlyDuckDbsJarGivesWay() throws Exception {
    NativeLibraries.unpack(CLASS_PATH, folder);
    NativeLibraries libraries = new NativeLibraries(folder);
    List<String> before = List.of(CLASS_PATH.split(File.pathSeparator));
    List<String> after = List.of(libraries.classPath(CLASS_PATH).split(File.pathSeparator));
    assertThat(after).hasSameSizeAs(before);
    List<String> others = after.stream().filter(jar -> !before.contains(jar)).toList();
    assertThat(others).hasSize(1);
    try (ZipFile theirs = new ZipFile(duckDb(before));
        ZipFile ours = new ZipFile(others.getFirst())) {
      List<String> left =
          theirs.stream()
              .map(Object::toString)
              .filter(name -> !name.startsWith("libduckdb_java"))
              .toList();
      assertThat(ours.stream().map(Object::toString)).containsExactlyElementsOf(left);
    }
    assertThat(libraries.options()).containsExactly("-Dorg.sqlite.lib.path=" + folder);
  }

  private static String duckDb(List<String> jars) {
    return jars.stream().filter(jar -> jar.contains("duckdb_jdbc")).findFirst().orElseThrow();
  }

  @Test
  void whereNothingIsUnpackedNothingChanges() {
    NativeLibraries none = new NativeLibraries(folder.resolve("missing"));
    assertThat(none.options()).isEmpty();
    assertThat(none.classPath(CLASS_PATH)).isEqualTo(CLASS_PATH);
  }

  @Test
  void anotherProcessLoadsThemFromThere() throws Exception {
    NativeLibraries.unpack(CLASS_PATH, folder);
    Path source = folder.resolve("Asks.java");
    Files.writeString(
        source,
        """
        import java.sql.*;

        class Asks {
          public static void main(String[] none) throws Exception {
            for (String url : new String[] {"jdbc:duckdb:", "jdbc:sqlite::memory:"}) {
              try (Connection connection = DriverManager.getConnection(url);
                  Statement statement = connection.createStatement();
                  ResultSet rows = statement.executeQuery("select 40 + 2")) {
                rows.next();
                System.out.println(rows.getInt(1));
              }
            }
            System.out.println(java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/maps")));
          }
        }
        """);
    NativeLibraries libraries = new NativeLibraries(folder);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(libraries.options());
    command.addAll(List.of("-cp", libraries.classPath(CLASS_PATH), source.toString()));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(() -> read(output)).isZero();
    String said = read(output);
    assertThat(said).contains("42\n42\n");
    assertThat(Arrays.stream(said.split("\n")).filter(line -> line.contains("libduckdb")))
        .isNotEmpty()
        .allMatch(line -> line.contains(folder.toString()));
    assertThat(said).contains(folder.resolve("libsqlitejdbc.so").toString());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
