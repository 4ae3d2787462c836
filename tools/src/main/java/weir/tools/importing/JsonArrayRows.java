package weir.tools.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One JSON array of objects, read element by element. */
final class JsonArrayRows implements RowSource {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final InputFile file;
  private final JsonParser parser;
  private boolean over;

  JsonArrayRows(InputFile file) throws IOException {
    this.file = file;
    this.parser = JSON.createParser(file.content());
    parser.nextToken();
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (over) {
      return null;
    }
    try {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_ARRAY) {
        over = true;
        return null;
      }
      if (token == null) {
        over = true;
        return new Row.Unreadable(line(), "the file ends before its array does", null);
      }
      long line = line();
      JsonNode node = parser.readValueAsTree();
      return node instanceof ObjectNode object
          ? new Row.Values(line, object)
          : new Row.Unreadable(line, "it is JSON, but not an object", String.valueOf(node));
    } catch (JsonProcessingException e) {
      over = true; // nothing tells where a next element would begin
      return new Row.Unreadable(
          e.getLocation() == null ? line() : e.getLocation().getLineNr(),
          "from here on it is not JSON: " + e.getOriginalMessage(),
          null);
    }
  }

  private long line() {
    return parser.currentTokenLocation().getLineNr();
  }

  @Override
  public String describe() {
    return file.describe();
  }

  @Override
  public long done() {
    return file.done();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
