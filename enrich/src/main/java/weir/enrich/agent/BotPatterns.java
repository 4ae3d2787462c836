package weir.enrich.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** The patterns of the isbot project: an agent that one of them is in is a program. */
final class BotPatterns {
  private final List<Expression> patterns;

  private BotPatterns(List<Expression> patterns) {
    this.patterns = patterns;
  }

  /** Those that are shipped. */
  static BotPatterns load() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(BotPatterns.class.getResourceAsStream("bots.txt"))) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return new BotPatterns(
          text.lines()
              .filter(line -> !line.isBlank())
              .map(line -> new Expression(line, Pattern.CASE_INSENSITIVE))
              .toList());
    }
  }

  boolean matches(Probe probe, CharSequence text) {
    for (Expression pattern : patterns) {
      if (pattern.find(probe, text) != null) {
        return true;
      }
    }
    return false;
  }
}
