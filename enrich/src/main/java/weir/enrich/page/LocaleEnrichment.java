package weir.enrich.page;

import java.util.IllformedLocaleException;
import java.util.Locale;
import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;

/** One spelling for languages: {@code en_us.UTF-8} and {@code EN-us} are en-US. */
public final class LocaleEnrichment implements Enrichment {
  private static final int LONGEST = 35;

  @Override
  public String name() {
    return "locale";
  }

  @Override
  public String description() {
    return "locale in one spelling: en_us becomes en-US";
  }

  @Override
  public Verdict enrich(Draft event) {
    String written = event.text(EventColumn.LOCALE);
    if (written != null && written.length() <= LONGEST && !isUsual(written)) {
      event.set(EventColumn.LOCALE, normal(written));
    }
    return Verdict.PASS;
  }

  /** As nearly all are: en, de-DE. */
  private static boolean isUsual(String text) {
    int length = text.length();
    boolean language = length >= 2 && isLower(text.charAt(0)) && isLower(text.charAt(1));
    return language
        && (length == 2
            || (length == 5
                && text.charAt(2) == '-'
                && isUpper(text.charAt(3))
                && isUpper(text.charAt(4))));
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static String normal(String written) {
    int end = 0;
    while (end < written.length() && ".@,;".indexOf(written.charAt(end)) < 0) {
      end++;
    }
    try {
      Locale locale =
          new Locale.Builder().setLanguageTag(written.substring(0, end).replace('_', '-')).build();
      String tag = locale.toLanguageTag();
      return tag.equals("und") ? written : tag;
    } catch (IllformedLocaleException e) {
      return written;
    }
  }
}
