package weir.query.insight;

import java.time.Duration;
import java.time.Instant;

/** DuckDB's SQL. */
final class DuckDbDialect implements Dialect {
  @Override
  public String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  @Override
  public String timestamp(Instant at) {
    return "TIMESTAMPTZ '" + at.toString().replace("T", " ").replace("Z", "+00") + "'";
  }

  @Override
  public String epochMicros(String timestamp) {
    return "epoch_us(" + timestamp + ")";
  }

  @Override
  public String isLater(String earlier, String later, Duration than) {
    return later + " - " + earlier + " > INTERVAL " + than.toMillis() + " MILLISECOND";
  }

  @Override
  public String monthOfDay(String day) {
    return "date_diff('month', DATE '1970-01-01', DATE '1970-01-01' + CAST("
        + day
        + " AS INTEGER))";
  }

  @Override
  public String jsonText(String json, String key) {
    String pointer = "/" + key.replace("~", "~0").replace("/", "~1");
    return "json_extract_string(" + json + ", " + text(pointer) + ")";
  }

  @Override
  public String number(String text) {
    return "TRY_CAST(" + text + " AS DOUBLE)";
  }

  @Override
  public String matches(String text, String pattern) {
    return "regexp_matches(" + text + ", " + text(pattern) + ")";
  }

  @Override
  public String contains(String text, String part) {
    return "contains(lower(" + text + "), lower(" + text(part) + "))";
  }

  @Override
  public String startsWith(String text, String prefix) {
    return "starts_with(" + text + ", " + text(prefix) + ")";
  }

  @Override
  public String quantile(String value, double share) {
    return "quantile_cont(" + value + ", " + share + ")";
  }
}
