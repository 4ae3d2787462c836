package weir.query.postgres;

/** Bytes as PostgreSQL writes them, such as {@code \\xdeadbeef}. */
public final class PostgresBytes {
  private PostgresBytes() {}

  /** The same as a text that the engine casts to bytes. */
  public static String engineText(String text) {
    if (!text.matches("\\\\x([0-9a-fA-F]{2})*")) {
      return text;
    }
    StringBuilder engine = new StringBuilder();
    for (int i = 2; i < text.length(); i += 2) {
      engine.append("\\x").append(text, i, i + 2);
    }
    return engine.toString();
  }
}
