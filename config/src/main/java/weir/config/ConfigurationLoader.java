package weir.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import weir.directory.FileProblem;

/**
 * Reads settings: the defaults, over them the YAML file, the environment, and the command line.
 * Collects every fault before it gives up.
 */
public final class ConfigurationLoader {
  private static final Set<String> FOREIGN_VARIABLES = Set.of("WEIR_HOME", "WEIR_JAVA_OPTS");
  private static final String TEST_VARIABLES = "WEIR_TEST_";

  private final List<Fault> faults = new ArrayList<>();
  private final Map<Setting<?>, Given> given = new HashMap<>();

  private record Given(String where, String text) {}

  private ConfigurationLoader() {}

  /**
   * Loads the configuration.
   *
   * @param file a YAML file, or null for none
   * @param environment as System.getenv() gives it; variables without the prefix WEIR_ are passed
   *     over
   * @param options settings of the command line by option name, such as {@code --port}
   * @throws ConfigurationException if anything is wrong; names all of it
   */
  public static Configuration load(
      @Nullable Path file, Map<String, String> environment, Map<String, Option> options)
      throws ConfigurationException {
    ConfigurationLoader loader = new ConfigurationLoader();
    if (file != null) {
      loader.readFile(file);
    }
    loader.readEnvironment(environment);
    options.forEach(
        (name, option) -> loader.given.put(option.setting(), new Given(name, option.text())));
    return loader.finish();
  }

  /** A setting that the command line gives. */
  public record Option(Setting<?> setting, String text) {}

  private Configuration finish() throws ConfigurationException {
    Map<Setting<?>, Object> values = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.all()) {
      values.put(setting, value(setting));
    }
    Configuration configuration = new Configuration(values);
    SettingsCheck.check(configuration, (setting, message) -> fault(whereIs(setting), message));
    if (!faults.isEmpty()) {
      throw new ConfigurationException(faults);
    }
    return configuration;
  }

  private String whereIs(Setting<?> setting) {
    Given from = given.get(setting);
    return from == null ? setting.key() : from.where() + " (" + setting.key() + ")";
  }

  private <T> T value(Setting<T> setting) {
    Given from = given.get(setting);
    if (from == null) {
      return setting.defaultValue();
    }
    try {
      return setting.type().parse(from.text());
    } catch (IllegalArgumentException | ArithmeticException e) {
      String expected = setting.key() + " must be " + setting.type().expected();
      fault(from.where(), expected + ", not '" + from.text() + "'");
      return setting.defaultValue();
    }
  }

  private void readEnvironment(Map<String, String> environment) {
    Map<String, Setting<?>> byName = new HashMap<>();
    Settings.all().forEach(setting -> byName.put(setting.environmentName(), setting));
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(Setting.ENVIRONMENT_PREFIX)
          || name.startsWith(TEST_VARIABLES)
          || FOREIGN_VARIABLES.contains(name)) {
        continue;
      }
      Setting<?> setting = byName.get(name);
      if (setting == null) {
        fault(name, "no such setting" + Nearest.hint(name, byName.keySet()));
      } else {
        given.put(setting, new Given(name, variable.getValue()));
      }
    }
  }

  private void readFile(Path file) {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        return;
      }
      if (root.get() instanceof MappingNode mapping) {
        readMapping(file, "", mapping, new HashMap<>());
      } else {
        fault(
            where(file, root.get()),
            "must be a mapping of settings, such as  collect: {port: 8080}");
      }
    } catch (IOException e) {
      fault(file.toString(), "cannot be read: " + FileProblem.of(e));
    } catch (YamlEngineException e) {
      fault(file.toString(), "is not YAML: " + String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private void readMapping(
      Path file, String prefix, MappingNode mapping, Map<String, String> seen) {
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode name)) {
        fault(where(file, entry.getKeyNode()), "a key must be a plain word");
        continue;
      }
      String key = prefix + name.getValue();
      String where = where(file, name);
      if (entry.getValueNode() instanceof MappingNode inner && isSection(key)) {
        readMapping(file, key + ".", inner, seen);
      } else {
        String before = seen.putIfAbsent(key, where);
        if (before != null) {
          fault(where, key + " is given twice; first at " + before);
        } else {
          readSetting(where, key, entry.getValueNode());
        }
      }
    }
  }

  private void readSetting(String where, String key, Node value) {
    Optional<Setting<?>> setting = Settings.named(key);
    if (setting.isEmpty()) {
      String hint = Nearest.hint(key, Settings.all().stream().map(Setting::key).toList());
      fault(
          where,
          isSection(key)
              ? key + " is a section: give it settings, not a value"
              : "no such setting: " + key + hint);
    } else if (value instanceof ScalarNode scalar) {
      given.put(setting.get(), new Given(where, scalar.getValue()));
    } else {
      fault(
          where, key + " must be " + setting.get().type().expected() + ", not a list or a mapping");
    }
  }

  private static boolean isSection(String key) {
    return Settings.all().stream().anyMatch(setting -> setting.key().startsWith(key + "."));
  }

  private static String where(Path file, Node node) {
    return file + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
  }

  private void fault(String where, String message) {
    faults.add(new Fault(where, message));
  }
}
