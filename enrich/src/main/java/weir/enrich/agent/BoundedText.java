package weir.enrich.agent;

/**
 * A text that can be read only so many times: a regular expression over a hostile one ends with an
 * exception instead of running for minutes.
 */
final class BoundedText implements CharSequence {
  private final String text;
  private int left;

  /**
   * @param reads how many characters may be read in all
   */
  BoundedText(String text, int reads) {
    this.text = text;
    this.left = reads;
  }

  /** Thrown where it was read too often. */
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exhausted() {
      super("read too often", null, false, false);
    }
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (--left < 0) {
      throw new Exhausted();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
