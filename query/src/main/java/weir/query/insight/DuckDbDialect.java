package weir.query.insight;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** DuckDB's SQL. */
final class DuckDbDialect implements Dialect {
  @Override
  public String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public String text(String value) {
    String quoted = "'" + value.replace("'", "''") + "'";
    return value.indexOf('\0') < 0
        ? quoted
        : "(" + quoted.replace("\0", "' || chr(0) || '") + ")"; // the parser ends at a U+0000
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
    return "TRY(json_extract_string(" + json + ", " + pointer(key) + "))";
  }

  private String pointer(String key) {
    return text("/" + key.replace("~", "~0").replace("/", "~1"));
  }

  @Override
  public String isJsonNumber(String json, String key) {
    return jsonType(json, key) + " IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')";
  }

  @Override
  public String isJsonFraction(String json, String key) {
    return jsonType(json, key)
        + " = 'DOUBLE' AND regexp_matches("
        + jsonText(json, key)
        + ", '[.eE]')";
  }

  @Override
  public String isJsonBoolean(String json, String key) {
    return jsonType(json, key) + " = 'BOOLEAN'";
  }

  private String jsonType(String json, String key) {
    return "TRY(json_type(" + json + ", " + pointer(key) + "))";
  }

  @Override
  public String number(String text) {
    String number = "TRY_CAST(" + text + " AS DOUBLE)";
    return "CASE WHEN isfinite(" + number + ") THEN " + number + " END";
  }

  @Override
  public String wholeNumber(String text) {
    return "CASE WHEN regexp_full_match(%s, '-?[0-9]{1,38}') THEN TRY_CAST(%s AS HUGEINT) END"
        .formatted(text, text);
  }

  /** The type is looked for only where the text looks like such a number: it costs more. */
  @Override
  public String jsonLabel(String json, String key) {
    String text = jsonText(json, key);
    return "CASE WHEN regexp_matches(%s, '^-?[0-9]+[.eE]') THEN CASE WHEN %s = 'DOUBLE' THEN coalesce(%s, %s) ELSE %s END ELSE %s END"
        .formatted(text, jsonType(json, key), numberText(number(text)), text, text, text);
  }

  @Override
  public String numberText(String number) {
    return "CASE WHEN %s = trunc(%s) AND abs(%s) < 1e16 THEN CAST(TRY_CAST(%s AS BIGINT) AS VARCHAR) ELSE CAST(%s AS VARCHAR) END"
        .formatted(number, number, number, number, number);
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

  /** One aggregate gives them all, and is computed once. */
  @Override
  public List<String> quantiles(String value, double[] shares) {
    String all = "quantile_cont(" + value + ", " + Arrays.toString(shares) + ")";
    return IntStream.rangeClosed(1, shares.length)
        .mapToObj(place -> "list_extract(" + all + ", " + place + ")")
        .toList();
  }

  @Override
  public String last(String value, String timestamp) {
    return "arg_max(%s, row(%s, %s))".formatted(value, timestamp, value);
  }
}
