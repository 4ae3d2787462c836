package weir.tools.doctor;

import java.util.Objects;

/**
 * What was found out about one thing.
 *
 * @param subject what was looked at
 * @param found what is the case
 * @param advice what to do; empty where all is well
 */
public record Finding(String subject, Level level, String found, String advice) {
  /** How bad it is. */
  public enum Level {
    OK,
    WARN,
    FAIL
  }

  public Finding {
    Objects.requireNonNull(level, "level");
    if ((level == Level.OK) != advice.isEmpty()) {
      throw new IllegalArgumentException("advice goes with what is not well: " + subject);
    }
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, Level.OK, found, "");
  }

  static Finding warn(String subject, String found, String advice) {
    return new Finding(subject, Level.WARN, found, advice);
  }

  static Finding fail(String subject, String found, String advice) {
    return new Finding(subject, Level.FAIL, found, advice);
  }
}
