package weir.event;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The bytes of names that come again and again. Bounded; for one thread at a time. */
final class EncodedNames {
  private static final int MOST = 2_000;

  private final Map<String, byte[]> names = new HashMap<>();

  /** A name in UTF-8; not to be changed. */
  byte[] utf8(String name) {
    byte[] known = names.get(name);
    if (known == null) {
      if (names.size() >= MOST) {
        names.clear();
      }
      known = name.getBytes(StandardCharsets.UTF_8);
      names.put(name, known);
    }
    return known;
  }
}
