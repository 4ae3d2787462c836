package weir.enrich.agent;

import java.util.Locale;

/**
 * A text that is asked for many literals: most are ruled out by two of their characters that the
 * text never has beside each other.
 */
final class Probe {
  private static final int BITS = 1 << 13;

  private final String lower;
  private final long[] pairs = new long[BITS / Long.SIZE];

  Probe(String text) {
    this.lower = text.toLowerCase(Locale.ROOT);
    for (int i = 1; i < lower.length(); i++) {
      int bit = bit(lower.charAt(i - 1), lower.charAt(i));
      pairs[bit >> 6] |= 1L << bit;
    }
  }

  private static int bit(char first, char second) {
    return (first * 67 + second) & (BITS - 1);
  }

  /** A literal in lower case of at least two characters, prepared. */
  static final class Literal {
    private final String text;
    private final int[] pairs;

    Literal(String text) {
      this.text = text;
      this.pairs = new int[text.length() - 1];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = bit(text.charAt(i), text.charAt(i + 1));
      }
    }
  }

  boolean contains(Literal literal) {
    return mayContain(literal) && lower.contains(literal.text);
  }

  /** Whether it contains the literal where no letter stands before it. */
  boolean startsWord(Literal literal) {
    if (!mayContain(literal)) {
      return false;
    }
    int at = lower.indexOf(literal.text);
    while (at > 0 && Character.isLetter(lower.charAt(at - 1))) {
      at = lower.indexOf(literal.text, at + 1);
    }
    return at >= 0;
  }

  private boolean mayContain(Literal literal) {
    for (int bit : literal.pairs) {
      if ((pairs[bit >> 6] & 1L << bit) == 0) {
        return false;
      }
    }
    return true;
  }
}
