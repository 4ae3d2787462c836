package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import weir.event.WellFormedText;

/** Makes the texts of a question those that the collector would have kept. */
final class KeptTexts {
  private KeptTexts() {}

  /** Changes all texts in a question that no store can hold. */
  static JsonNode in(JsonNode question) {
    if (question instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        field.setValue(in(field.getValue()));
      }
    }
    if (question instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, in(array.get(i)));
      }
    }
    return question.isTextual()
        ? TextNode.valueOf(WellFormedText.of(question.textValue()))
        : question;
  }
}
