package weir.testkit.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements of hostile/, where statements.txt says how it is written. */
public final class HostileStatements {
  /** What comes of a statement. */
  public enum Outcome {
    REFUSED,
    OWN,
    POSTGRES,
    BOUNDED
  }

  /**
   * A statement.
   *
   * @param sql with places for what a test puts there
   */
  public record Statement(String group, Outcome outcome, String sql) {
    /** The statement with everything in its place. */
    public String sql(Map<String, String> places) {
      Matcher matcher = PLACE.matcher(sql);
      return matcher.replaceAll(found -> Matcher.quoteReplacement(filled(found, places)));
    }

    private String filled(MatchResult place, Map<String, String> places) {
      return place.group(1) == null
          ? Objects.requireNonNull(places.get(place.group(3)), place.group())
          : place.group(2).repeat(Integer.parseInt(place.group(1)));
    }
  }

  private static final Pattern HEADING = Pattern.compile("#### (\\w+) (\\w+)");
  private static final Pattern PLACE = Pattern.compile("@\\{(?:(\\d+) x (.*?[^}]?)|(\\w+))}");
  private static final List<Statement> ALL = read("statements.txt");

  private HostileStatements() {}

  public static List<Statement> all() {
    return ALL;
  }

  /** Those for an instance that nobody guards. */
  public static List<Statement> bypass() {
    return read("bypass.txt");
  }

  /** Those that must fail in an instance that nobody guards. */
  public static List<Statement> walls() {
    return read("walls.txt");
  }

  private static List<Statement> read(String name) {
    String text;
    try (InputStream in =
        Objects.requireNonNull(HostileStatements.class.getResourceAsStream(name))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Statement> statements = new ArrayList<>();
    String group = "";
    Outcome outcome = Outcome.REFUSED;
    for (String block : text.split("\\n\\n+", -1)) {
      Matcher heading = HEADING.matcher(block);
      if (heading.matches()) {
        group = heading.group(1);
        outcome = Outcome.valueOf(heading.group(2).toUpperCase(Locale.ROOT));
      } else if (!group.isEmpty() && !block.isBlank()) {
        statements.add(new Statement(group, outcome, block.stripTrailing()));
      }
    }
    return List.copyOf(statements);
  }
}
