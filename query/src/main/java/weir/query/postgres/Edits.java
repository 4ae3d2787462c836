package weir.query.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is put before, after and in the place of single tokens. */
final class Edits {
  private final Map<Integer, String> before = new HashMap<>();
  private final Map<Integer, String> after = new HashMap<>();
  private final Map<Integer, String> instead = new HashMap<>();

  /** Puts a text before a token, behind what is there already. */
  void before(int token, String text) {
    before.merge(token, text, String::concat);
  }

  /** Puts a text after a token, before what is there already. */
  void after(int token, String text) {
    after.merge(token, text, (old, inner) -> inner + old);
  }

  void replace(int token, String by) {
    instead.put(token, by);
  }

  /** Takes the tokens away. */
  void drop(int from, int to) {
    for (int i = from; i <= to; i++) {
      replace(i, "");
    }
  }

  String before(int token) {
    return before.getOrDefault(token, "");
  }

  String after(int token) {
    return after.getOrDefault(token, "");
  }

  Optional<String> instead(int token) {
    return Optional.ofNullable(instead.get(token));
  }
}
