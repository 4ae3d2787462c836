package weir.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.metadata.KeyLimit;
import weir.metadata.KeyScope;
import weir.metadata.NewKey;

class LimitNotesTest {
  private static JsonNode notes(String... properties) {
    List<NewKey> keys =
        Stream.of(properties)
            .<NewKey>map(property ->
                new NewKey.Api(
                    "", KeyScope.READ, false, Optional.of(new KeyLimit(property, "\"x\""))))
            .toList();
    return LimitNotes.of(keys)
        .add(JsonNodeFactory.instance.objectNode(), new KnownEngine().schemas(), "shop")
        .path("notes");
  }

  @Test
  void whatWasNeverSeenIsNamedOnceWithTheNearest() {
    JsonNode notes = notes("categry", "Category", "categry");
    assertThat(notes.findValuesAsText("name")).containsExactly("Category", "categry");
    assertThat(notes).allMatch(note -> note.at("/nearest/0").asText().equals("category"));
    assertThat(notes).allMatch(note -> note.path("code").asText().equals("unknown_property"));
  }

  @Test
  void whatWasSeenOrDroppedOrIsAColumnIsKnown() {
    assertThat(notes("category", "a", "source").isMissingNode()).isTrue();
    assertThat(notes().isMissingNode()).isTrue();
  }
}
