package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.config.ConfigurationException;
import weir.directory.TemporaryFolder;
import weir.server.logging.LogSetup;
import weir.server.plugins.PluginTemplate;
import weir.server.plugins.PluginTrial;
import weir.server.roles.PluginSettings;

@Command(
    name = "plugin",
    description = {"Makes, tries, lists and switches plug-ins: your own code for each event.", ""},
    synopsisSubcommandLabel = "new|test|list|on|off",
    mixinStandardHelpOptions = true)
final class PluginCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  @Command(
      name = "new",
      description = "Writes a Maven project of a plug-in, to build with mvn package.",
      mixinStandardHelpOptions = true)
  int create(
      @Parameters(paramLabel = "NAME", description = "Of a-z, 0-9 and _, a letter first.")
          String name,
      @Option(
              names = "--dir",
              paramLabel = "DIR",
              description = "Folder that is not there yet (default: NAME).")
          @Nullable Path folder)
      throws IOException {
    PluginTemplate template;
    try {
      template = new PluginTemplate(name, WeirCommand.version());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(sub("new"), String.valueOf(e.getMessage()), e);
    }
    Path where = folder == null ? Path.of(name) : folder;
    template.write(where);
    PrintWriter out = spec.commandLine().getOut();
    out.println("wrote " + where + "; build it with: (cd " + where + " && mvn package)");
    out.println("its README.md says how to go on");
    out.flush();
    return 0;
  }

  @Command(
      name = "test",
      description = "Runs a jar's plug-ins over sample events, without a server.",
      mixinStandardHelpOptions = true)
  int test(
      @Mixin SettingsOptions configured,
      @Parameters(paramLabel = "JAR") Path jar,
      @Option(
              names = "--events",
              paramLabel = "FILE",
              description = "Events, one JSON object a line: columns by name, and properties.")
          @Nullable Path events,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "One of the jar's plug-ins (default: each).")
          @Nullable String name,
      @Option(
              names = "--settings",
              paramLabel = "JSON",
              description = "What the plug-in is set to.",
              defaultValue = "{}")
          String settings)
      throws Exception {
    LogSetup.quiet();
    Path work = Files.createTempDirectory("weir-plugin");
    try {
      PluginTrial trial =
          new PluginTrial(
              PluginSettings.of(configured.load(), work, work),
              InstantSource.system(),
              System::nanoTime,
              spec.commandLine().getOut());
      List<String> lines =
          events == null ? samples() : Files.readAllLines(events, StandardCharsets.UTF_8);
      object(settings, "test");
      return trial.run(jar, name == null ? "" : name, settings, lines) == 0 ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      TemporaryFolder.delete(work);
    }
  }

  private static List<String> samples() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(PluginTemplate.class.getResourceAsStream("template/events.jsonl"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Command(
      name = "list",
      description = "Lists jars with their plug-ins, and which project uses which.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ApiAccess api) throws Exception {
    LogSetup.quiet();
    JsonNode answer = ApiAnswer.of(api, "GET", "/api/v1/plugins", null);
    ArrayNode jars = JSON.createArrayNode();
    for (JsonNode jar : answer.path("jars")) {
      for (JsonNode plugin : jar.path("plugins")) {
        jars.addArray()
            .add(plugin.path("name").asText())
            .add(plugin.path("version").asText())
            .add(jar.path("file").asText())
            .add(plugin.path("description").asText());
      }
    }
    print(List.of("plugin", "version", "jar", "does"), List.of(), jars);
    ArrayNode used = JSON.createArrayNode();
    for (JsonNode each : answer.path("used")) {
      used.addArray()
          .add(each.path("project").asText())
          .add(each.path("name").asText())
          .add(each.path("version").asText())
          .add(each.path("state").asText())
          .add(each.path("events_in"))
          .add(each.path("events_made"))
          .add(each.path("events_dropped"))
          .add(each.path("events_quarantined"))
          .add(each.path("micros_per_event"));
    }
    print(
        List.of("project", "plugin", "version", "state"),
        List.of("in", "out", "dropped", "quarantined", "us_per_event"),
        used);
    problems(answer);
    return 0;
  }

  private void problems(JsonNode answer) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("jars lie in " + answer.path("folder").asText());
    for (JsonNode jar : answer.path("jars")) {
      if (jar.hasNonNull("problem")) {
        out.println(jar.path("file").asText() + ": " + jar.path("problem").asText());
      }
    }
    for (JsonNode each : answer.path("used")) {
      if (each.hasNonNull("why")) {
        out.println(
            each.path("project").asText()
                + ", "
                + each.path("name").asText()
                + ": "
                + each.path("why").asText());
      }
    }
    out.flush();
  }

  private void print(List<String> texts, List<String> numbers, ArrayNode rows) {
    ArrayNode columns = JSON.createArrayNode();
    texts.forEach(name -> columns.addObject().put("name", name));
    numbers.forEach(name -> columns.addObject().put("name", name).put("type", "double"));
    PrintWriter out = spec.commandLine().getOut();
    out.print(TextTable.of(columns, rows));
    out.println();
    out.flush();
  }

  @Command(
      name = "on",
      description = {
        "Lets events from now on pass plug-ins, after those that are on already.",
        "One that is on stays in its place; its settings change if some are given.",
        ""
      },
      mixinStandardHelpOptions = true)
  int on(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names,
      @Option(
              names = "--settings",
              paramLabel = "JSON",
              description = "What the plug-in is set to, as a JSON object; for one plug-in.")
          @Nullable String settings)
      throws Exception {
    if (settings != null && names.size() > 1) {
      throw new ParameterException(sub("on"), "--settings is for one plug-in at a time");
    }
    JsonNode given = settings == null ? null : object(settings, "on");
    LogSetup.quiet();
    ObjectNode all = EnrichmentCommand.settings(api);
    Map<String, JsonNode> uses = uses(all);
    for (String name : names) {
      JsonNode before = uses.getOrDefault(name, JSON.createObjectNode());
      uses.put(name, given == null ? before : given);
    }
    return put(api, all, uses);
  }

  @Command(
      name = "off",
      description = "Lets events from now on pass by plug-ins.",
      mixinStandardHelpOptions = true)
  int off(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names)
      throws Exception {
    LogSetup.quiet();
    ObjectNode all = EnrichmentCommand.settings(api);
    Map<String, JsonNode> uses = uses(all);
    List<String> unknown = new ArrayList<>(names);
    unknown.removeIf(name -> uses.remove(name) != null);
    if (!unknown.isEmpty()) {
      throw new IOException(
          "the project does not use " + String.join(", ", unknown) + "; weir plugin list");
    }
    return put(api, all, uses);
  }

  private static Map<String, JsonNode> uses(ObjectNode settings) {
    Map<String, JsonNode> uses = new LinkedHashMap<>();
    settings
        .path("plugins")
        .forEach(each -> uses.put(each.path("name").asText(), each.path("settings")));
    return uses;
  }

  private int put(ApiAccess api, ObjectNode settings, Map<String, JsonNode> uses)
      throws IOException, InterruptedException, ConfigurationException {
    ArrayNode list = settings.putArray("plugins");
    uses.forEach((name, set) -> list.addObject().put("name", name).set("settings", set));
    JsonNode answer = ApiAnswer.of(api, "PUT", EnrichmentCommand.PATH, settings);
    PrintWriter out = spec.commandLine().getOut();
    List<String> now = new ArrayList<>();
    answer.at("/settings/plugins").forEach(each -> now.add(each.path("name").asText()));
    out.println(
        now.isEmpty()
            ? "events pass no plug-in from now on"
            : "events pass from now on: " + String.join(", ", now));
    out.flush();
    return 0;
  }

  private JsonNode object(String settings, String command) {
    try {
      JsonNode json = JSON.readTree(settings);
      if (json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      throw new ParameterException(sub(command), "--settings is not JSON: " + e.getMessage(), e);
    }
    throw new ParameterException(sub(command), "--settings must be a JSON object");
  }

  private picocli.CommandLine sub(String command) {
    return Objects.requireNonNull(spec.commandLine().getSubcommands().get(command));
  }
}
