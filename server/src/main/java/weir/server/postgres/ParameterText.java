package weir.server.postgres;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;
import weir.query.postgres.PostgresType;

/** Parameters as texts, in whichever format they come. */
final class ParameterText {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private ParameterText() {}

  /**
   * A parameter's value as text.
   *
   * @param oid its type; 0 if unknown
   */
  static String of(byte[] value, int oid, boolean binary) throws PostgresException {
    if (!binary) {
      String text = new String(value, StandardCharsets.UTF_8);
      return oid == PostgresType.BOOL.oid() ? bool(text) : text;
    }
    PostgresType type = PostgresType.ofOid(oid).orElse(PostgresType.TEXT);
    try {
      return text(ByteBuffer.wrap(value), type);
    } catch (BufferUnderflowException e) {
      throw new PostgresException("22P03", "a binary " + type + " is too short");
    }
  }

  private static String bool(String text) {
    return switch (text) {
      case "1", "t" -> "true";
      case "0", "f" -> "false";
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
      case INT4, OID -> Integer.toString(value.getInt());
      case INT8 -> Long.toString(value.getLong());
      case NUMERIC -> numeric(value).toPlainString();
      case FLOAT4 -> Float.toString(value.getFloat());
      case FLOAT8 -> Double.toString(value.getDouble());
      case DATE -> LocalDate.of(2000, 1, 1).plusDays(value.getInt()).toString();
      case TIME -> LocalTime.ofNanoOfDay(value.getLong() * 1000).toString();
      case TIMESTAMP, TIMESTAMPTZ -> {
        Instant time = EPOCH.plus(value.getLong(), ChronoUnit.MICROS);
        yield type == PostgresType.TIMESTAMPTZ
            ? time.toString()
            : time.atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
      }
      case UUID -> new UUID(value.getLong(), value.getLong()).toString();
      case BYTEA -> "\\x" + HexFormat.of().formatHex(value.array());
      case TEXT, VARCHAR, BPCHAR, JSON -> new String(value.array(), StandardCharsets.UTF_8);
      default ->
          throw new PostgresException(
              "0A000",
              "binary parameters of type "
                  + type.name().toLowerCase(java.util.Locale.ROOT)
                  + " are not understood; send text");
    };
  }
}
