package weir.server.plugins.child;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain, unchangeable Java values, and plain values as JSON. */
public final class PlainJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int DEEPEST = 200;

  private PlainJson() {}

  /** Reads one value. */
  public static @Nullable Object read(String text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON value");
      }
      return value;
    }
  }

  /** The same text, if it is one JSON value. */
  static String checked(String text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new IOException("an empty JSON value");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON value");
      }
      return text;
    } catch (JsonProcessingException e) {
      throw new IOException("not a JSON value: " + e.getOriginalMessage(), e);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("an empty JSON value");
    }
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield Collections.unmodifiableList(list);
      }
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield Collections.unmodifiableMap(map);
      }
      default -> throw new IOException("unexpected " + token);
    };
  }

  /** A Double where it is the same number, else exact. */
  private static Object number(String text) {
    double number = Double.parseDouble(text);
    if (text.length() <= 15) {
      return number; // a double holds fifteen digits
    }
    BigDecimal exact = new BigDecimal(text);
    boolean same = Double.isFinite(number) && new BigDecimal(number).compareTo(exact) == 0;
    boolean decimal = Double.isFinite(number) && BigDecimal.valueOf(number).compareTo(exact) == 0;
    return same || decimal ? (Object) number : exact;
  }

  /**
   * A value as a property holds it: String, Double, Boolean or {@link Text}, null for none.
   *
   * @throws IllegalArgumentException if it is of another class, saying so
   */
  static @Nullable Object property(String name, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Boolean flag -> flag;
      case Number number -> {
        Object plain = plain(name, number);
        yield plain instanceof Double ? plain : new Text(plain.toString());
      }
      case List<?> list -> new Text(text(name, list));
      case Map<?, ?> map -> new Text(text(name, map));
      default ->
          throw new IllegalArgumentException(
              "the property "
                  + name
                  + " is a "
                  + value.getClass().getName()
                  + ", not a plain value");
    };
  }

  /** JSON as text. */
  record Text(String json) {}

  private static Object plain(String name, Number number) {
    double real = number.doubleValue();
    if (number instanceof Double || number instanceof Float) {
      if (!Double.isFinite(real)) {
        throw new IllegalArgumentException("the property " + name + " is " + real);
      }
      return real;
    }
    BigDecimal exact =
        switch (number) {
          case BigDecimal decimal -> decimal;
          case BigInteger whole -> new BigDecimal(whole);
          default -> BigDecimal.valueOf(number.longValue());
        };
    boolean same = Double.isFinite(real) && new BigDecimal(real).compareTo(exact) == 0;
    return same ? (Object) real : exact;
  }

  private static String text(String name, Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, name, value, 0);
    } catch (IOException e) {
      throw new IllegalArgumentException("the property " + name + ": " + e.getMessage(), e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, String name, @Nullable Object value, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException(
          "the property " + name + " is nested deeper than " + DEEPEST);
    }
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean flag -> json.writeBoolean(flag);
      case Number number -> {
        Object plain = plain(name, number);
        if (plain instanceof Double real && real == Math.rint(real) && Math.abs(real) <= 1L << 53) {
          json.writeNumber(real.longValue());
        } else {
          json.writeNumber(plain.toString());
        }
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object each : list) {
          write(json, name, each, depth + 1);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          write(json, name, entry.getValue(), depth + 1);
        }
        json.writeEndObject();
      }
      default ->
          throw new IllegalArgumentException(
              "the property " + name + " holds a " + value.getClass().getName());
    }
  }
}
