package weir.decode;

import java.util.Locale;

/** A header of a request, its name in lower case. */
public record Header(String name, String value) {
  public Header {
    name = name.toLowerCase(Locale.ROOT);
  }
}
