package weir.server.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import weir.enrich.plugin.PluginUse;
import weir.plugin.Plugin;

/** A Maven project to start from, with the jar that it compiles against. */
public final class PluginTemplate {
  private static final String POM =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>weir</groupId>
        <artifactId>weir-plugin</artifactId>
        <version>%s</version>
      </project>
      """;

  private final String name;
  private final String api;

  /**
   * @param name of the plug-in
   * @param version of Weir
   * @throws IllegalArgumentException if that is no name of a plug-in
   */
  public PluginTemplate(String name, String version) {
    this.name = new PluginUse(name, "{}").name();
    this.api = version.replace("-SNAPSHOT", "");
  }

  /**
   * Writes the project.
   *
   * @param folder that is not there, or empty
   * @throws FileAlreadyExistsException if it is neither
   */
  public void write(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> there = Files.list(folder)) {
        if (there.findAny().isPresent()) {
          throw new FileAlreadyExistsException(folder + " is there, and not empty");
        }
      }
    }
    String sources = "src/main/java/" + path();
    String resources = "src/main/resources/";
    Map<String, String> files = new LinkedHashMap<>();
    files.put("pom.xml", "pom.xml");
    files.put("README.md", "README.md");
    files.put(".gitignore", "gitignore");
    files.put("events.jsonl", "events.jsonl");
    files.put(sources + type() + ".java", "Plugin.java");
    files.put("src/test/java/" + path() + type() + "Test.java", "PluginTest.java");
    files.put(resources + path() + "version.properties", "version.properties");
    files.put(resources + "META-INF/services/" + Plugin.class.getName(), "services");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.writeString(target, filled(file.getValue()));
    }
    Path lib = Files.createDirectories(folder.resolve("lib/weir/weir-plugin/" + api));
    Files.writeString(lib.resolve("weir-plugin-" + api + ".pom"), POM.formatted(api));
    writeApi(lib.resolve("weir-plugin-" + api + ".jar"));
  }

  private String path() {
    return packageName().replace('.', '/') + "/";
  }

  private String packageName() {
    return "plugins." + name;
  }

  private String type() {
    StringBuilder type = new StringBuilder();
    for (String word : name.split("_+")) {
      type.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return type + "Plugin";
  }

  private String filled(String resource) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(
            PluginTemplate.class.getResourceAsStream("template/" + resource), resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@NAME@", name)
          .replace("@ARTIFACT@", name.replace('_', '-'))
          .replace("@PACKAGE@", packageName())
          .replace("@CLASS@", type())
          .replace("@API@", api);
    }
  }

  /** The jar that Weir itself runs with; built from classes where it runs from those. */
  private static void writeApi(Path jar) throws IOException {
    CodeSource source = Objects.requireNonNull(Plugin.class.getProtectionDomain().getCodeSource());
    Path from;
    try {
      from = Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if (Files.isRegularFile(from)) {
      Files.copy(from, jar);
      return;
    }
    List<Path> classes;
    try (Stream<Path> all = Files.walk(from)) {
      classes = all.filter(Files::isRegularFile).sorted().toList();
    }
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Path each : classes) {
        ZipEntry entry = new ZipEntry(from.relativize(each).toString().replace('\\', '/'));
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
        Files.copy(each, zip);
        zip.closeEntry();
      }
    }
  }
}
