package weir.metadata;

import java.util.Locale;

/** What a key may do in its project. */
public enum KeyScope {
  /** Send events. */
  WRITE,
  /** Ask. */
  READ,
  /** Ask, and change what the project has: keys and whatever else there is to administer. */
  ADMIN;

  /** As the API and the database name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static KeyScope labelled(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
