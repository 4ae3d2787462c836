package weir.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/** A value on a command line: a number, true, false, null or a string in quotes as JSON has it. */
final class JsonArgument {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private JsonArgument() {}

  /** The value; what is none of these is text as it is. */
  static JsonNode of(String text) {
    try {
      JsonNode value = JSON.readTree(text);
      return value.isValueNode() ? value : TextNode.valueOf(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }

  static ArrayNode all(List<String> texts) {
    ArrayNode values = JsonNodeFactory.instance.arrayNode();
    texts.stream().map(JsonArgument::of).forEach(values::add);
    return values;
  }
}
