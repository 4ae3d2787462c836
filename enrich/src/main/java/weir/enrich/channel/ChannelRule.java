package weir.enrich.channel;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table that says where a visit came from. It applies where all that it names is so;
 * the first row that applies counts.
 *
 * @param channel what the visit's channel is then
 * @param source expression that the source must match as a whole, in lower case
 * @param medium likewise the medium
 * @param campaign likewise the campaign's name
 * @param category what kind of site the source is: search, social, video, shopping or email
 */
public record ChannelRule(
    String channel,
    Optional<Pattern> source,
    Optional<Pattern> medium,
    Optional<Pattern> campaign,
    Optional<String> category) {
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_EXPRESSION = 500;

  public ChannelRule {
    if (channel.isBlank() || channel.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a channel's name has 1 to " + LONGEST_NAME + " characters");
    }
    category.ifPresent(name -> {
      if (!Sources.CATEGORIES.contains(name)) {
        throw new IllegalArgumentException(
            "a category is one of " + String.join(", ", Sources.CATEGORIES) + ", not " + name);
      }
    });
  }

  /**
   * A row of expressions.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static ChannelRule of(
      String channel,
      @Nullable String source,
      @Nullable String medium,
      @Nullable String campaign,
      @Nullable String category) {
    return new ChannelRule(
        channel,
        expression("source", source),
        expression("medium", medium),
        expression("campaign", campaign),
        Optional.ofNullable(category).map(name -> name.toLowerCase(Locale.ROOT)));
  }

  private static Optional<Pattern> expression(String field, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    if (text.length() > LONGEST_EXPRESSION) {
      throw new IllegalArgumentException(
          field + " is an expression of more than " + LONGEST_EXPRESSION + " characters");
    }
    try {
      return Optional.of(Pattern.compile(text, Pattern.CASE_INSENSITIVE));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          field + " is not a regular expression: " + e.getDescription() + " in " + text, e);
    }
  }

  /** All in lower case, empty where nobody knows. */
  boolean applies(Visit visit, String kind) {
    return matches(source, visit.source())
        && matches(medium, visit.medium())
        && matches(campaign, visit.campaign())
        && (category.isEmpty() || category.get().equals(kind));
  }

  private static boolean matches(Optional<Pattern> expression, String text) {
    return expression.isEmpty() || expression.get().matcher(text).matches();
  }
}
