package weir.query.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Values in PostgreSQL's text and binary formats. */
public final class PostgresValues {
  private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter(java.util.Locale.ROOT);

  private static final int ANY_SCALE = 10;

  private PostgresValues() {}

  /**
   * A value.
   *
   * @param given as the engine's rows give it, not null
   * @param otherwise its text where it is of no type that PostgreSQL has
   * @param zone that times are told in
   */
  public static byte[] encode(
      Object given, PostgresType type, boolean binary, String otherwise, ZoneId zone) {
    Object value = given instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : given;
    return binary ? binary(value, type, otherwise, zone) : utf8(text(value, type, otherwise, zone));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Object value, PostgresType type, String otherwise, ZoneId zone) {
    return switch (value) {
      case Boolean flag when type == PostgresType.BOOL -> flag ? "t" : "f";
      case Double number -> number(number, number.toString());
      case Float number -> number(number, number.toString());
      case BigDecimal number -> plain(number).toPlainString();
      case byte[] bytes -> "\\x" + HexFormat.of().formatHex(bytes);
      case Instant time when type == PostgresType.TIMESTAMP -> PostgresTimes.text(time);
      case Instant time -> PostgresTimes.text(time, zone);
      case LocalDateTime time -> PostgresTimes.text(time.toInstant(ZoneOffset.UTC));
      case LocalDate date -> PostgresTimes.text(date);
      case String interval when type == PostgresType.INTERVAL ->
          PostgresInterval.parse(interval).text();
      case LocalTime time -> TIME.format(time);
      case Collection<?> list when type.element().isPresent() ->
          array(list, type.element().get(), zone);
      default -> otherwise;
    };
  }

  /** The engine's stand-in for numbers of any scale has more digits than were asked for. */
  private static BigDecimal plain(BigDecimal number) {
    if (number.scale() != ANY_SCALE) {
      return number;
    }
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** As PostgreSQL: an exponent from 1e15 on, and below 0.0001. */
  private static String number(Number value, String shortest) {
    if (!Double.isFinite(value.doubleValue())) {
      return shortest;
    }
    BigDecimal exact = new BigDecimal(shortest).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exact.signum() == 0) {
      return shortest.startsWith("-") ? "-0" : "0";
    }
    if (exponent >= -4 && exponent < 15) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    int size = Math.abs(exponent);
    return (exact.signum() < 0 ? "-" : "")
        + mantissa
        + (exponent < 0 ? "e-" : "e+")
        + (size < 10 ? "0" : "")
        + size;
  }

  private static String array(Collection<?> list, PostgresType element, ZoneId zone) {
    StringBuilder text = new StringBuilder("{");
    for (Object each : list) {
      text.append(text.length() > 1 ? "," : "");
      text.append(
          each == null ? "NULL" : element(text(each, element, each.toString(), zone), element));
    }
    return text.append('}').toString();
  }

  /** In quotes where its text would not be read as it is. */
  private static String element(String text, PostgresType type) {
    boolean plain =
        !text.isEmpty()
            && !text.equalsIgnoreCase("null")
            && text.chars().noneMatch(c -> "{}\",\\ \t\n\r\u000b\f".indexOf(c) >= 0);
    return plain || type == PostgresType.BOOL
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static byte[] binary(Object value, PostgresType type, String otherwise, ZoneId zone) {
    if (type.element().isPresent()) {
      return binaryArray((Collection<?>) value, type.element().get(), zone);
    }
    return switch (type) {
      case BOOL -> new byte[] {(byte) (value.equals(Boolean.TRUE) ? 1 : 0)};
      case INT2 -> ByteBuffer.allocate(2).putShort(whole(value).shortValue()).array();
      case INT4, OID -> ByteBuffer.allocate(4).putInt(whole(value).intValue()).array();
      case INT8 -> ByteBuffer.allocate(8).putLong(whole(value).longValue()).array();
      case FLOAT4 -> ByteBuffer.allocate(4).putFloat(whole(value).floatValue()).array();
      case FLOAT8 -> ByteBuffer.allocate(8).putDouble(whole(value).doubleValue()).array();
      case NUMERIC -> numeric(plain(new BigDecimal(value.toString())));
      case TIMESTAMP, TIMESTAMPTZ ->
          ByteBuffer.allocate(8).putLong(PostgresTimes.binary(instant(value))).array();
      case DATE -> ByteBuffer.allocate(4).putInt(PostgresTimes.binary((LocalDate) value)).array();
      case INTERVAL -> PostgresInterval.parse(value.toString()).binary();
      case TIME -> ByteBuffer.allocate(8).putLong(((LocalTime) value).toNanoOfDay() / 1000).array();
      case UUID -> uuid(java.util.UUID.fromString(value.toString()));
      case BYTEA -> value instanceof byte[] bytes ? bytes : utf8(otherwise);
      default -> utf8(text(value, type, otherwise, zone));
    };
  }

  private static Instant instant(Object value) {
    return value instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : (Instant) value;
  }

  private static Number whole(Object value) {
    return value instanceof Number number ? number : new BigDecimal(value.toString());
  }

  private static byte[] uuid(java.util.UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  /** Digits to the base of ten thousand, the point between two of them. */
  private static byte[] numeric(BigDecimal value) {
    int scale = Math.max(0, value.scale());
    int padded = (scale + 3) / 4 * 4;
    BigInteger rest = value.setScale(padded).unscaledValue().abs();
    java.util.ArrayDeque<Short> digits = new java.util.ArrayDeque<>();
    while (rest.signum() > 0) {
      BigInteger[] parts = rest.divideAndRemainder(TEN_THOUSAND);
      digits.push(parts[1].shortValue());
      rest = parts[0];
    }
    int weight = digits.size() - padded / 4 - 1;
    while (!digits.isEmpty() && digits.getLast() == 0) {
      digits.removeLast();
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 * digits.size());
    bytes.putShort((short) digits.size());
    bytes.putShort((short) (digits.isEmpty() ? 0 : weight));
    bytes.putShort((short) (value.signum() < 0 ? 0x4000 : 0));
    bytes.putShort((short) scale);
    digits.forEach(bytes::putShort);
    return bytes.array();
  }

  private static byte[] binaryArray(Collection<?> list, PostgresType element, ZoneId zone) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeInt(list.isEmpty() ? 0 : 1);
      out.writeInt(list.contains(null) ? 1 : 0);
      out.writeInt(element.oid());
      if (!list.isEmpty()) {
        out.writeInt(list.size());
        out.writeInt(1);
      }
      for (@Nullable Object each : list) {
        if (each == null) {
          out.writeInt(-1);
        } else {
          byte[] part = binary(each, element, each.toString(), zone);
          out.writeInt(part.length);
          out.write(part);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes bytes", e);
    }
    return bytes.toByteArray();
  }
}
