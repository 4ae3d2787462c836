package weir.config;

import java.util.Locale;
import java.util.Objects;

/**
 * One setting: everything there is to know about it.
 *
 * @param key where it stands in the YAML file, its levels joined by dots
 * @param type how text becomes its value, and which values are allowed
 * @param defaultText the value if none is given, as the user would write it
 * @param description one sentence for the reference
 */
public record Setting<T>(String key, SettingType<T> type, String defaultText, String description) {
  static final String ENVIRONMENT_PREFIX = "WEIR_";

  public Setting {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(description, "description");
    if (!key.matches("[a-z]+(_[a-z]+)*(\\.[a-z]+(_[a-z]+)*)+")) {
      throw new IllegalArgumentException("not a setting's key: " + key);
    }
    type.parse(defaultText);
  }

  /**
   * The environment variable that overrides the file: {@code collect.port} is WEIR_COLLECT_PORT.
   */
  public String environmentName() {
    return ENVIRONMENT_PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  T defaultValue() {
    return type.parse(defaultText);
  }
}
