package weir.decode;

import java.util.Set;

/**
 * The ability of a {@link Decoder} whose protocol says things in headers of its own: the raw log
 * keeps those of its requests too, and {@link RequestHead#headers()} has them.
 */
public interface HeaderReading {
  /** How the names of these headers begin, in lower case. */
  Set<String> headerPrefixes();

  /** Whether the raw log keeps a header of this (lower case) name. */
  default boolean keepsHeader(String name) {
    for (String prefix : headerPrefixes()) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a body may be of any media type, not of those alone that all others share. */
  boolean takesAnyMediaType();
}
