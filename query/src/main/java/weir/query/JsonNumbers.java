package weir.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import weir.event.WrittenNumber;

/** Numbers of requests, which mean what the collector would keep of them. */
public final class JsonNumbers {
  private JsonNumbers() {}

  /**
   * The number that a scalar is, or that its text is; empty if it is none. Decimals must have been
   * read as such.
   */
  public static Optional<WrittenNumber> read(JsonNode scalar) {
    if (scalar.isFloatingPointNumber()) {
      return Optional.of(WrittenNumber.ofDecimal(scalar.decimalValue()));
    }
    return scalar.isIntegralNumber() || scalar.isTextual()
        ? WrittenNumber.read(scalar.asText().strip())
        : Optional.empty();
  }

  /** A scalar as text: a string itself, a number as the text that stands for it. */
  public static String text(JsonNode scalar) {
    return scalar.isNumber()
        ? read(scalar).map(WrittenNumber::text).orElseGet(scalar::asText)
        : scalar.asText();
  }
}
