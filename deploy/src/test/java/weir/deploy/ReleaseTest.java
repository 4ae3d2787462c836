package weir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.ChildProcess;
import weir.testkit.FreePorts;

/** The archive, unpacked where nothing else is, by somebody who has a JDK and no sources. */
class ReleaseTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path home = Path.of("");

  @BeforeAll
  static void unpack() throws Exception {
    assertThat(run(folder, "tar", "xzf", System.getProperty("weir.archive"))).isEmpty();
    try (Stream<Path> entries = Files.list(folder)) {
      home = entries.toList().getFirst();
    }
  }

  /** Runs a command that must succeed, and returns what it said. */
  private static String run(Path where, String... command) throws Exception {
    try (ChildProcess child = ChildProcess.start(List.of(command), where)) {
      int exit = child.awaitExit(LIMIT);
      assertThat(exit).as("%s said: %s", List.of(command), child.output()).isZero();
      return child.output();
    }
  }

  @Test
  void takesAnEventAndAnswersSql() throws Exception {
    Path data = folder.resolve("data with a space");
    List<String> start =
        List.of(
            home.resolve("weir").toString(),
            "start",
            "--data",
            data.toString(),
            "--port",
            Integer.toString(FreePorts.next()),
            "--api-port",
            Integer.toString(FreePorts.next()));
    try (ChildProcess weir = ChildProcess.start(start, folder)) {
      weir.awaitLine(line -> line.contains("Weir is ready."), LIMIT);
      JsonNode credentials = JSON.readTree(data.resolve("credentials.json").toFile());
      send(credentials.get("collector").asText(), credentials.get("write_key").asText());
      String sql = "select event, p_answer from events";
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(
                      run(
                          folder,
                          home.resolve("weir").toString(),
                          "query",
                          "--data",
                          data.toString(),
                          sql))
                  .contains("Hello")
                  .contains("42"));
      weir.terminate();
      assertThat(weir.awaitExit(LIMIT)).as(weir::output).isZero();
    }
  }

  private static void send(String collector, String key) throws Exception {
    String basic = Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(collector + "/v1/track"))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"event\":\"Hello\",\"userId\":\"u\",\"properties\":{\"answer\":42}}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void makesAStartupCacheThatTheJvmTakes() throws Exception {
    assertThat(run(home, "./weir", "prepare")).contains("Wrote");
    // with this mode the JVM ends unless it can use the cache
    String version =
        run(home, "env", "WEIR_JAVA_OPTS=-XX:AOTMode=on -Xlog:aot", "./weir", "--version");
    assertThat(version).contains("Using AOT-linked classes: true");
    List<Path> jars;
    List<Path> libraries;
    try (Stream<Path> files = Files.walk(home.resolve("cache"))) {
      List<Path> all = files.toList();
      jars = all.stream().filter(file -> file.toString().endsWith(".jar")).toList();
      libraries = all.stream().filter(file -> file.toString().contains("libduckdb")).toList();
    }
    // the rehearsal has run statements with these, or there would be no cache
    assertThat(libraries).hasSize(1);
    assertThat(jars).hasSize(1);
    assertThat(run(home, "unzip", "-l", jars.getFirst().toString()))
        .contains("DuckDBDriver.class")
        .doesNotContain("libduckdb");
  }

  /** A JVM takes a start-up cache that was moved with its jars, but finds no libraries by it. */
  @Test
  void worksAfterItWasMoved() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first place"));
    run(first, "tar", "xzf", System.getProperty("weir.archive"), "--strip-components=1");
    assertThat(run(first, "./weir", "prepare")).contains("Wrote");
    Path moved = Files.move(first, folder.resolve("another place"));
    run(moved, "./weir", "rehearse", folder.resolve("rehearsed").toString());
    assertThat(run(moved, "./weir", "prepare")).contains("another place");
  }

  /** As an engine of containers lays it out, but for the base below it. */
  @Test
  void runsFromTheLayersOfItsImage() throws Exception {
    Path image = Files.createDirectory(folder.resolve("image"));
    Path root = Files.createDirectory(folder.resolve("root"));
    run(image, "tar", "xf", System.getProperty("weir.image.layers"));
    JsonNode manifest = JSON.readTree(image.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : manifest.get("Layers")) {
      run(image, "tar", "xzf", layer.asText(), "-C", root.toString());
    }
    JsonNode config =
        JSON.readTree(image.resolve(manifest.get("Config").asText()).toFile()).get("config");
    assertThat(config.get("User").asText()).isNotEmpty().isNotEqualTo("0");
    for (Map.Entry<String, JsonNode> volume : config.get("Volumes").properties()) {
      assertThat(Files.getPosixFilePermissions(root.resolve(volume.getKey().substring(1))))
          .contains(PosixFilePermission.OTHERS_WRITE);
    }
    String entry = config.get("Entrypoint").get(0).asText();
    assertThat(run(root, root.resolve(entry.substring(1)).toString(), "--version"))
        .contains("weir");
    assertThat(names(root.resolve("opt/weir/libs"))).isEqualTo(names(home.resolve("libs")));
  }

  private static List<String> names(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void saysWhereItsTestsAre() throws Exception {
    try (ChildProcess child = ChildProcess.start(List.of("./weir", "test"), home)) {
      assertThat(child.awaitExit(LIMIT)).isEqualTo(2);
      assertThat(child.output()).contains("belongs to the sources");
    }
  }

  @Test
  void namesEveryLibraryAndItsLicence() throws Exception {
    String bom = Files.readString(home.resolve("sbom.json"));
    String licences = Files.readString(home.resolve("THIRD-PARTY.txt"));
    List<String> unnamed = new ArrayList<>();
    try (Stream<Path> jars = Files.list(home.resolve("libs"))) {
      for (Path jar : jars.toList()) {
        Matcher name = Pattern.compile("(.+?)-\\d.*\\.jar").matcher(jar.getFileName().toString());
        assertThat(name.matches()).as(jar.toString()).isTrue();
        String artifact = name.group(1);
        boolean own = artifact.startsWith("weir-");
        if (!bom.contains("\"" + artifact + "\"")
            || (!own && !licences.contains(":" + artifact + ":"))) {
          unnamed.add(artifact);
        }
      }
    }
    assertThat(unnamed).isEmpty();
  }

  @Test
  void hasNoFileThatOthersMayChange() throws Exception {
    assertThat(run(folder, "find", home.toString(), "-perm", "/022", "!", "-type", "l")).isEmpty();
    assertThat(Files.isExecutable(home.resolve("weir"))).isTrue();
  }
}
