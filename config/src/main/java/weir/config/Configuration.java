package weir.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A value for every setting. */
public final class Configuration {
  private final Map<Setting<?>, Object> values;

  Configuration(Map<Setting<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /** The value of a setting. */
  @SuppressWarnings("unchecked") // the loader put there what the setting's own type parsed
  public <T> T get(Setting<T> setting) {
    return (T) Objects.requireNonNull(values.get(setting), setting.key());
  }

  /** A copy in which one setting has another value. */
  public <T> Configuration with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> changed = new java.util.HashMap<>(values);
    changed.put(setting, value);
    return new Configuration(changed);
  }

  /** A YAML file that loads to this very configuration, each setting explained. */
  public String toYaml() {
    StringBuilder yaml = new StringBuilder();
    String section = "";
    for (Map.Entry<String, List<Setting<?>>> group : bySection().entrySet()) {
      if (!group.getKey().equals(section)) {
        section = group.getKey();
        yaml.append(section).append(":\n");
      }
      for (Setting<?> setting : group.getValue()) {
        appendTo(yaml, setting);
      }
    }
    return yaml.toString();
  }

  static Map<String, List<Setting<?>>> bySection() {
    Map<String, List<Setting<?>>> sections = new TreeMap<>();
    for (Setting<?> setting : Settings.all()) {
      String section = setting.key().substring(0, setting.key().indexOf('.'));
      sections.computeIfAbsent(section, ignored -> new java.util.ArrayList<>()).add(setting);
    }
    return sections;
  }

  private <T> void appendTo(StringBuilder yaml, Setting<T> setting) {
    String text = setting.type().format(get(setting));
    yaml.append("  # ").append(setting.description()).append('\n');
    yaml.append("  ").append(setting.key().substring(setting.key().indexOf('.') + 1));
    yaml.append(": '").append(text.replace("'", "''")).append("'\n");
  }
}
