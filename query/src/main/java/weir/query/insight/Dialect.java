package weir.query.insight;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How an engine writes what engines write differently. Everything else that questions are made of
 * is the SQL that they share: common table expressions, windows, CASE, CAST.
 *
 * <p>All arguments but names, texts and times are expressions.
 */
interface Dialect {
  /** A quoted name. */
  String name(String name);

  /** A string literal. */
  String text(String value);

  /** A literal of a point in time, to the microsecond. */
  String timestamp(Instant at);

  /** Whole microseconds since 1970. */
  String epochMicros(String timestamp);

  /** Whether more than a duration lies between two points in time. */
  String isLater(String earlier, String later, Duration than);

  /** The number of the month, 0 for January 1970, of a day's number, 0 for the first of it. */
  String monthOfDay(String day);

  /** A value of an object in JSON as text, null where there is none or it is no JSON. */
  String jsonText(String json, String key);

  /** Whether a value of an object in JSON is a number; null where there is none. */
  String isJsonNumber(String json, String key);

  /** Whether a value of an object in JSON is a number with a fraction or an exponent. */
  String isJsonFraction(String json, String key);

  /** Whether a value of an object in JSON is true or false; null where there is none. */
  String isJsonBoolean(String json, String key);

  /** A number, or null where the text is none. */
  String number(String text);

  /** A whole number of at most 38 digits; null where the text is none, or has a fraction. */
  String wholeNumber(String text);

  /**
   * A value of an object in JSON as the text that stands for it: a number with a fraction or an
   * exponent as {@link #numberText} has it, all else as {@link #jsonText} has it.
   */
  String jsonLabel(String json, String key);

  /** A number as text, as {@link weir.event.WrittenNumber#text(double)} has it. */
  String numberText(String number);

  /** Whether a text matches a regular expression somewhere. */
  String matches(String text, String pattern);

  /** Whether a text contains another, whatever the case. */
  String contains(String text, String part);

  String startsWith(String text, String prefix);

  /** An aggregate: the value below which a share of the values lies, interpolated. */
  String quantile(String value, double share);

  /** Aggregates, each as {@link #quantile} has it, all of the same values. */
  List<String> quantiles(String value, double[] shares);

  /** An aggregate: the last value that is not null; of several at that moment the greatest. */
  String last(String value, String timestamp);
}
