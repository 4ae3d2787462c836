package weir.query.rendering;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.query.postgres.PostgresTimes;

/**
 * Values as JSON and as text.
 *
 * <p>Integers beyond 2^53 and decimals are strings, so that no reader rounds them; NaN and
 * infinities, those of dates and times too, are null; timestamps are RFC 3339 in UTC, those without
 * a zone the same without Z; dates and times are ISO 8601, intervals as the engine writes them,
 * JSON values strings that hold JSON, blobs Base64; lists are arrays; structs and maps are objects,
 * whose keys are text.
 */
final class ResultValues {
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(com.fasterxml.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(com.fasterxml.jackson.core.StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  private static final long MAX_EXACT = 1L << 53;
  private static final BigInteger MAX_EXACT_BIG = BigInteger.valueOf(MAX_EXACT);

  private ResultValues() {}

  static void writeJson(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Boolean flag -> json.writeBoolean(flag);
      case Float number -> writeFloat(json, number);
      case Double number -> writeDouble(json, number);
      case BigInteger number -> writeBig(json, number);
      case BigDecimal number -> json.writeString(number.toPlainString());
      case Number number -> writeLong(json, number.longValue());
      case String text -> json.writeString(text);
      case byte[] bytes -> json.writeString(Base64.getEncoder().encodeToString(bytes));
      case Collection<?> list -> {
        json.writeStartArray();
        for (Object element : list) {
          writeJson(json, element);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(text(entry.getKey()));
          writeJson(json, entry.getValue());
        }
        json.writeEndObject();
      }
      default -> {
        if (isNull(value)) {
          json.writeNull();
        } else {
          json.writeString(written(value));
        }
      }
    }
  }

  private static void writeLong(JsonGenerator json, long value) throws IOException {
    if (value >= -MAX_EXACT && value <= MAX_EXACT) {
      json.writeNumber(value);
    } else {
      json.writeString(Long.toString(value));
    }
  }

  private static void writeBig(JsonGenerator json, BigInteger value) throws IOException {
    if (value.abs().compareTo(MAX_EXACT_BIG) <= 0) {
      json.writeNumber(value);
    } else {
      json.writeString(value.toString());
    }
  }

  private static void writeFloat(JsonGenerator json, float value) throws IOException {
    if (Float.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  private static void writeDouble(JsonGenerator json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  /** A value as text: what its JSON string would hold, else its JSON. */
  static String text(@Nullable Object value) throws IOException {
    return switch (value) {
      case null -> "null";
      case String text -> text;
      case BigDecimal number -> number.toPlainString();
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case Collection<?> list -> json(list);
      case Map<?, ?> map -> json(map);
      default -> written(value);
    };
  }

  private static String written(Object value) {
    return switch (value) {
      case LocalDateTime time -> {
        String zoned = time.toInstant(ZoneOffset.UTC).toString();
        yield zoned.substring(0, zoned.length() - 1);
      }
      case LocalTime time -> time(time);
      case OffsetTime time -> time(time.toLocalTime()) + time.getOffset();
      default -> value.toString();
    };
  }

  private static String time(LocalTime time) {
    String text = time.toString();
    return text.length() == "12:00".length() ? text + ":00" : text;
  }

  private static String json(Object value) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      writeJson(json, value);
    }
    return text.toString();
  }

  /** Whether a value is written as null. */
  static boolean isNull(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Double number -> !Double.isFinite(number);
      case Float number -> !Float.isFinite(number);
      default -> PostgresTimes.isInfinite(value);
    };
  }
}
