package weir.server.postgres;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.query.postgres.PostgresArray;
import weir.query.postgres.PostgresBytes;
import weir.query.postgres.PostgresInterval;
import weir.query.postgres.PostgresTimes;
import weir.query.postgres.PostgresType;

/** Parameters as texts, in whichever format they come. */
final class ParameterText {
  /** Day, clock, offset and era. */
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{1,7}-\\d{1,2}-\\d{1,2})([ T]\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)?"
              + "\\s*([+-]\\d{1,2}(?::?\\d{2}){0,2}|Z)?( BC)?");

  private ParameterText() {}

  /**
   * A parameter's value as text.
   *
   * @param oid its type; 0 if unknown
   */
  static String of(byte[] value, int oid, boolean binary) throws PostgresException {
    Optional<PostgresType> known = PostgresType.ofOid(oid);
    if (!binary) {
      String text = new String(value, StandardCharsets.UTF_8);
      return known.isPresent() ? text(text, known.get()) : text;
    }
    PostgresType type = known.orElse(PostgresType.TEXT);
    try {
      ByteBuffer bytes = ByteBuffer.wrap(value);
      return type.element().isPresent() ? array(bytes) : text(bytes, type);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new PostgresException("22P03", "a binary " + type + " is too short");
    }
  }

  private static String text(String text, PostgresType type) throws PostgresException {
    if (type.element().isPresent()) {
      return PostgresArray.engineText(text)
          .orElseThrow(
              () -> new PostgresException("22P02", "malformed array literal: \"" + text + "\""));
    }
    return switch (type) {
      case BYTEA -> PostgresBytes.engineText(text);
      case BOOL -> bool(text.strip().toLowerCase(Locale.ROOT));
      case DATE -> {
        Matcher time = TIME.matcher(text.strip());
        yield time.matches() ? PostgresTimes.engineText(time.group(1) + era(time)) : text;
      }
      case TIMESTAMP -> {
        Matcher time = TIME.matcher(text.strip());
        yield time.matches() ? PostgresTimes.engineText(clock(time) + era(time)) : text;
      }
      case TIMESTAMPTZ -> {
        Matcher time = TIME.matcher(text.strip());
        yield time.matches()
            ? PostgresTimes.engineText(
                clock(time) + Objects.requireNonNullElse(time.group(3), "") + era(time))
            : text;
      }
      default -> text;
    };
  }

  private static String clock(Matcher time) {
    return time.group(1) + Objects.requireNonNullElse(time.group(2), " 00:00:00");
  }

  private static String era(Matcher time) {
    return Objects.requireNonNullElse(time.group(4), "");
  }

  /** One dimension, or none. */
  private static String array(ByteBuffer value) throws PostgresException {
    int dimensions = value.getInt();
    value.getInt(); // whether there are nulls
    int oid = value.getInt();
    if (dimensions > 1) {
      throw new PostgresException("0A000", "arrays of arrays are understood as text alone");
    }
    List<@Nullable String> elements = new ArrayList<>();
    int count = dimensions == 0 ? 0 : value.getInt();
    if (dimensions > 0) {
      value.getInt(); // where it begins
    }
    for (int i = 0; i < count; i++) {
      int length = value.getInt();
      byte[] element = new byte[Math.min(Math.max(0, length), value.remaining())];
      value.get(element);
      elements.add(length < 0 ? null : of(element, oid, true));
    }
    return PostgresArray.engineText(elements);
  }

  private static String bool(String text) {
    return switch (text) {
      case "1", "t", "y", "yes", "on" -> "true";
      case "0", "f", "n", "no", "off" -> "false";
      default -> text;
    };
  }

  /** Digits to the base of ten thousand, of which the first stands for its power of the weight. */
  private static BigDecimal numeric(ByteBuffer value) throws PostgresException {
    int digits = value.getShort();
    int weight = value.getShort();
    int sign = value.getShort() & 0xFFFF;
    int scale = value.getShort();
    if (sign != 0 && sign != 0x4000) {
      throw new PostgresException("22003", "NaN and infinities are no parameters of type numeric");
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < digits; i++) {
      sum = sum.add(BigDecimal.valueOf(value.getShort()).scaleByPowerOfTen(4 * (weight - i)));
    }
    BigDecimal scaled = sum.setScale(scale, RoundingMode.HALF_EVEN);
    return sign == 0 ? scaled : scaled.negate();
  }

  private static String text(ByteBuffer value, PostgresType type) throws PostgresException {
    return switch (type) {
      case BOOL -> value.get() == 0 ? "false" : "true";
      case INT2 -> Short.toString(value.getShort());
      case INT4 -> Integer.toString(value.getInt());
      case OID -> Integer.toUnsignedString(value.getInt());
      case INT8 -> Long.toString(value.getLong());
      case NUMERIC -> numeric(value).toPlainString();
      case FLOAT4 -> Float.toString(value.getFloat());
      case FLOAT8 -> Double.toString(value.getDouble());
      case DATE -> PostgresTimes.engineText(value.getInt());
      case TIME -> LocalTime.ofNanoOfDay(value.getLong() * 1000).toString();
      case TIMESTAMP, TIMESTAMPTZ ->
          PostgresTimes.engineText(value.getLong(), type == PostgresType.TIMESTAMPTZ);
      case INTERVAL -> PostgresInterval.engineText(value);
      case UUID -> new UUID(value.getLong(), value.getLong()).toString();
      case BYTEA -> PostgresBytes.engineText("\\x" + HexFormat.of().formatHex(value.array()));
      case JSONB -> new String(value.array(), 1, value.limit() - 1, StandardCharsets.UTF_8);
      case TEXT, VARCHAR, BPCHAR, NAME, CHAR, JSON ->
          new String(value.array(), StandardCharsets.UTF_8);
      default ->
          throw new PostgresException(
              "0A000",
              "binary parameters of type "
                  + type.name().toLowerCase(java.util.Locale.ROOT)
                  + " are not understood; send text");
    };
  }
}
