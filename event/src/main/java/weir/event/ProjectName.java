package weir.event;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a project: 1 to 63 of a-z, 0-9, _ and -, the first a letter or digit. So it can be a
 * folder's name, a namespace's and a part of a path as it is, and no two names differ by case only.
 */
public record ProjectName(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  /**
   * @throws IllegalArgumentException if no project can be called so
   */
  public ProjectName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a project name: '" + value + "'");
    }
  }

  /** The name that a text is; empty if no project can be called so. */
  public static Optional<ProjectName> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new ProjectName(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
