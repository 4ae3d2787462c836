package weir.query.rendering;

import java.util.Locale;
import java.util.Optional;

/** How a result is written. */
public enum ResultFormat {
  JSON("application/json"),
  /** RFC 4180 with a header line. */
  CSV("text/csv; charset=utf-8"),
  /** One object a line. */
  NDJSON("application/x-ndjson"),
  PARQUET("application/vnd.apache.parquet");

  private final String contentType;

  ResultFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  public static Optional<ResultFormat> named(String name) {
    for (ResultFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
