package weir.enrich.agent;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that is tried only where its literals are, and compiled when first tried.
 */
final class Expression {
  private final String regex;
  private final int flags;
  private final List<List<Probe.Literal>> literals;
  private volatile @Nullable Pattern compiled;

  Expression(String regex, int flags) {
    this.regex = regex;
    this.flags = flags;
    this.literals =
        Literals.of(regex).stream()
            .map(group -> group.stream().map(Probe.Literal::new).toList())
            .toList();
  }

  /** Whether it may be in a text; if not, it is not. */
  boolean mayBeIn(Probe probe) {
    for (List<Probe.Literal> group : literals) {
      if (!isOneIn(group, probe)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOneIn(List<Probe.Literal> group, Probe probe) {
    for (Probe.Literal literal : group) {
      if (probe.contains(literal)) {
        return true;
      }
    }
    return false;
  }

  /** The first place where it is; null if it is nowhere. */
  @Nullable Matcher find(Probe probe, CharSequence text) {
    if (!mayBeIn(probe)) {
      return null;
    }
    Matcher matcher = pattern().matcher(text);
    return matcher.find() ? matcher : null;
  }

  Pattern pattern() {
    Pattern pattern = compiled;
    if (pattern == null) {
      pattern = Pattern.compile(regex, flags);
      compiled = pattern;
    }
    return pattern;
  }

  boolean isAlwaysTried() {
    return literals.isEmpty();
  }
}
