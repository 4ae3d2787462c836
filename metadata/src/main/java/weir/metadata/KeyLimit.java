package weir.metadata;

import weir.event.PropertyName;

/**
 * The rows that a key sees: those whose property has a value.
 *
 * @param property by the name that clients send
 * @param json a JSON string, number or boolean
 */
public record KeyLimit(String property, String json) {
  public KeyLimit {
    if (property.isBlank() || !PropertyName.fits(property)) {
      throw new IllegalArgumentException("no property can have this name: '" + property + "'");
    }
    if (json.isEmpty()) {
      throw new IllegalArgumentException("a limit has a value");
    }
  }
}
