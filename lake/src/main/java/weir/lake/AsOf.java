package weir.lake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** An earlier state of a project's tables. */
public sealed interface AsOf {
  /** What a named snapshot may be called; none of these is a time. */
  Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

  /** As of a named snapshot. */
  record Name(String name) implements AsOf {
    public Name {
      Objects.requireNonNull(name, "name");
    }
  }

  /** As the tables' newest commits left them that are not younger. */
  record Time(Instant time) implements AsOf {
    public Time {
      Objects.requireNonNull(time, "time");
    }
  }

  /** Reads the name of a snapshot or a time in RFC 3339; empty if it is neither. */
  static Optional<AsOf> parse(String text) {
    if (isName(text)) {
      return Optional.of(new Name(text));
    }
    try {
      return Optional.of(new Time(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether a snapshot may be called so: Iceberg calls the newest rows main. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches() && !text.equals("main");
  }
}
