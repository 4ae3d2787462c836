package weir.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import weir.decode.Decoded;

/** Builds a JSON object of properties. A {@link Decoded.Json} stays the text that was sent. */
final class JsonProperties {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final double EXACT_INTEGERS = 1L << 53;

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  JsonProperties() {
    try {
      json = FACTORY.createGenerator(text);
      json.writeStartObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonProperties add(String name, Object value) {
    try {
      json.writeFieldName(name);
      switch (value) {
        case Boolean known -> json.writeBoolean(known);
        case Long known -> json.writeNumber(known);
        case Integer known -> json.writeNumber(known);
        case Double known -> writeNumber(known);
        case String known -> json.writeString(known);
        case Decoded.Json known -> json.writeRawValue(known.text());
        default -> throw new IllegalArgumentException(name + " is a " + value.getClass().getName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** An integer looks like one: every JSON number is a double here, and most were sent as such. */
  private void writeNumber(double value) throws IOException {
    boolean integer =
        value == Math.rint(value) && Math.abs(value) <= EXACT_INTEGERS && !isNegativeZero(value);
    if (integer) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(value);
    }
  }

  private static boolean isNegativeZero(double value) {
    return value == 0 && Double.doubleToRawLongBits(value) != 0;
  }

  /** The whole object; nothing can be added after. */
  String text() {
    try {
      json.writeEndObject();
      json.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
