package weir.plugin;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a project has set for a plug-in: a JSON object, as plain values (String, Double, Boolean,
 * List, Map). Immutable.
 *
 * @param values by name
 */
public record Settings(Map<String, Object> values) {
  /** Nothing is set. */
  public static final Settings NONE = new Settings(Map.of());

  public Settings {
    Objects.requireNonNull(values, "values");
  }

  /**
   * A text, or what stands for it where it is not set.
   *
   * @throws IllegalArgumentException if it is set to something else, saying so; likewise below
   */
  public String text(String name, String otherwise) {
    return value(name, String.class, "a text", otherwise);
  }

  /** A number, or what stands for it where it is not set. */
  public double number(String name, double otherwise) {
    return value(name, Double.class, "a number", otherwise);
  }

  /** Yes or no, or what stands for it where it is not set. */
  public boolean flag(String name, boolean otherwise) {
    return value(name, Boolean.class, "true or false", otherwise);
  }

  /** Refuses settings that a plug-in does not know, so that a slip of the pen is noticed. */
  public Settings onlyKnown(Set<String> names) {
    for (String name : values.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "there is no setting '" + name + "'; there are " + String.join(", ", names));
      }
    }
    return this;
  }

  private <T> T value(String name, Class<T> type, String kind, T otherwise) {
    Object value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("the setting '" + name + "' must be " + kind);
    }
    return type.cast(value);
  }
}
