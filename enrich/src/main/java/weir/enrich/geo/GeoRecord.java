package weir.enrich.geo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of a database in MaxMind's format: those of MaxMind and DB-IP, which nest, and the
 * flat ones of others.
 */
final class GeoRecord {
  private GeoRecord() {}

  static GeoFacts facts(Map<?, ?> row) {
    return new GeoFacts(
        country(row),
        firstText(name(first(row.get("subdivisions"))), row.get("state1"), row.get("region")),
        firstText(name(row.get("city")), row.get("city")),
        number(at(row, "location", "latitude"), row.get("latitude"), row.get("lat")),
        number(at(row, "location", "longitude"), row.get("longitude"), row.get("lng")),
        asn(row));
  }

  private static @Nullable String country(Map<?, ?> row) {
    String code =
        firstText(
            at(row, "country", "iso_code"),
            at(row, "registered_country", "iso_code"),
            row.get("country_code"),
            row.get("country"));
    return code == null || code.length() != 2 ? null : code.toUpperCase(Locale.ROOT);
  }

  private static @Nullable Long asn(Map<?, ?> row) {
    Object number = row.get("autonomous_system_number");
    if (number == null) {
      number = row.get("asn");
    }
    return switch (number) {
      case Number value -> value.longValue();
      case String text when text.matches("(?:AS)?[0-9]{1,10}") ->
          Long.parseLong(text.startsWith("AS") ? text.substring(2) : text);
      case null, default -> null;
    };
  }

  private static @Nullable Object at(Map<?, ?> row, String object, String field) {
    return row.get(object) instanceof Map<?, ?> nested ? nested.get(field) : null;
  }

  private static @Nullable Object first(@Nullable Object list) {
    return list instanceof List<?> all && !all.isEmpty() ? all.getFirst() : null;
  }

  /** The English name of a place, else its code. */
  private static @Nullable Object name(@Nullable Object place) {
    if (!(place instanceof Map<?, ?> known)) {
      return null;
    }
    Object name = at(known, "names", "en");
    return name == null ? known.get("iso_code") : name;
  }

  private static @Nullable String firstText(@Nullable Object... candidates) {
    for (Object candidate : candidates) {
      if (candidate instanceof String text && !text.isEmpty()) {
        return text;
      }
    }
    return null;
  }

  private static @Nullable Double number(@Nullable Object... candidates) {
    for (Object candidate : candidates) {
      if (candidate instanceof Number value && Double.isFinite(value.doubleValue())) {
        return value.doubleValue();
      }
      if (candidate instanceof String text && text.matches("-?[0-9]{1,3}(?:\\.[0-9]{1,15})?")) {
        return Double.parseDouble(text);
      }
    }
    return null;
  }
}
