package weir.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Properties that a protocol adds to those that the client has named itself. */
final class AddedProperties {
  private AddedProperties() {}

  /** Adds a value under a name, with underscores before it where that is taken; null adds none. */
  static void add(Map<String, Object> properties, String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    String free = name;
    while (properties.putIfAbsent(free, value) != null) {
      free = "_" + free;
    }
  }
}
