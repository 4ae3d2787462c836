package weir.server.plugins;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import weir.directory.TemporaryFolder;
import weir.plugin.Plugin;

/** Jars of plug-ins, compiled from the body of their method {@code process}. */
public final class PluginJars {
  private static final String SOURCE =
      """
      package mine;

      import java.util.*;
      import weir.plugin.*;

      public final class Mine implements Plugin {
        static final List<Object> KEPT = new ArrayList<>();
        Settings settings = Settings.NONE;

        public String name() { return "%s"; }
        public String version() { return "%s"; }
        public String description() { return "for a test"; }
        public void open(Settings given) throws Exception { settings = given; %s }
        static int down(int n) { return down(n + 1) + 1; }
        public List<Event> process(Event event) throws Exception {
          boolean bad = Boolean.TRUE.equals(event.property("bad"));
          %s
        }
      }
      """;

  private PluginJars() {}

  /** A jar that is there at once, whole, in place of one that was. */
  public static Path write(Path jar, String name, String version, String process)
      throws IOException {
    return write(jar, name, version, "", process);
  }

  /** The same with statements in {@code open}. */
  public static Path write(Path jar, String name, String version, String open, String process)
      throws IOException {
    Path work = Files.createTempDirectory("plugin");
    try {
      Path source = Files.createDirectories(work.resolve("src/mine")).resolve("Mine.java");
      Files.writeString(source, SOURCE.formatted(name, version, open, process));
      Path classes = Files.createDirectories(work.resolve("classes"));
      compile(source, classes);
      Path services = Files.createDirectories(classes.resolve("META-INF/services"));
      Files.writeString(services.resolve(Plugin.class.getName()), "mine.Mine\n");
      Path draft = work.resolve("draft.jar");
      pack(classes, draft);
      Files.createDirectories(Objects.requireNonNull(jar.getParent()));
      Path beside = jar.resolveSibling(jar.getFileName() + ".new");
      Files.copy(draft, beside, StandardCopyOption.REPLACE_EXISTING);
      return Files.move(beside, jar, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      TemporaryFolder.delete(work);
    }
  }

  private static void compile(Path source, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      String api =
          Path.of(Plugin.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .toString();
      List<String> options =
          List.of("-cp", api, "-proc:none", "--release", "17", "-d", classes.toString());
      boolean done =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!done) {
        throw new IOException(said.toString());
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(classes)) {
      all = walk.filter(Files::isRegularFile).sorted().toList();
    }
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Path each : all) {
        zip.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
        Files.copy(each, zip);
        zip.closeEntry();
      }
    }
  }
}
