package weir.testkit.hostile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in an answer what its asker must not see. */
public final class Leaks {
  private Leaks() {}

  /** What begins with a word, forwards, backwards or as bytes, and was not asked with. */
  public static List<String> words(String word, String text, String asked) {
    List<String> found = new ArrayList<>();
    Matcher words = Pattern.compile(word + "\\w*").matcher(text);
    while (words.find()) {
      if (!asked.contains(words.group())) {
        found.add(words.group());
      }
    }
    for (String turned :
        List.of(
            new StringBuilder(word).reverse().toString(),
            HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8)))) {
      if (text.contains(turned) && !asked.contains(turned)) {
        found.add(turned);
      }
    }
    return found;
  }
}
