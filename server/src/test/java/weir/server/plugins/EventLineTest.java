package weir.server.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.decode.Decoded;
import weir.enrich.plugin.PluginEvent;
import weir.event.EpochMicros;
import weir.event.EventColumn;

class EventLineTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private static PluginEvent read(String line) {
    return EventLine.read(line, "sample-1", NOW);
  }

  @Test
  void columnsAndPropertiesAreRead() {
    PluginEvent event =
        read(
            """
            {"event":"Order","user_id":"u","timestamp":"2026-01-31T12:00:00.5Z","country":null,
             "properties":{"price":4.5,"n":2,"gift":true,"none":null,"items":[{"id":1}]},
             "p_shelf":"E"}
            """);
    assertThat(event.columns())
        .isEqualTo(
            Map.of(
                EventColumn.EVENT_ID, "sample-1",
                EventColumn.EVENT, "Order",
                EventColumn.USER_ID, "u",
                EventColumn.TIMESTAMP, EpochMicros.of(Instant.parse("2026-01-31T12:00:00.5Z"))));
    assertThat(event.properties())
        .isEqualTo(
            Map.of(
                "price",
                4.5,
                "n",
                2.0,
                "gift",
                true,
                "items",
                new Decoded.Json("[{\"id\":1}]"),
                "shelf",
                "E"));
    assertThat(event.receivedAt()).isEqualTo(EpochMicros.of(NOW));
  }

  @Test
  void whatIsNotGivenIsNowAndOfTheSample() {
    assertThat(read("{\"event\":\"a\"}").columns())
        .containsEntry(EventColumn.TIMESTAMP, EpochMicros.of(NOW))
        .containsEntry(EventColumn.EVENT_ID, "sample-1");
    assertThat(read("{\"event\":\"a\",\"event_id\":\"mine\"}").columns())
        .containsEntry(EventColumn.EVENT_ID, "mine");
  }

  @Test
  void propertiesMayBeATextAsSqlAnswersThem() {
    assertThat(read("{\"event\":\"a\",\"properties\":\"{\\\"n\\\":1}\"}").properties())
        .isEqualTo(Map.of("n", 1.0));
    assertThat(read("{\"event\":\"a\",\"properties\":null}").properties()).isEmpty();
  }

  @Test
  void whatIsWrittenIsReadAsTheSame() {
    PluginEvent event =
        read(
            "{\"event\":\"a\",\"user_id\":\"ü\\n\",\"value\":1.5,"
                + "\"properties\":{\"n\":2,\"t\":\"[\",\"b\":false,\"o\":{\"x\":[1,null]}}}");
    String line = EventLine.write(event);
    assertThat(line).doesNotContain("\n").contains("\"timestamp\":\"2026-02-03T04:05:06Z\"");
    assertThat(EventLine.read(line, "another", Instant.EPOCH).columns()).isEqualTo(event.columns());
    assertThat(read(line).properties()).isEqualTo(event.properties());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense                               | this is not JSON",
        "{\"event\":\"a\"} {\"event\":\"b\"}        | this is not JSON",
        "[1]                                    | an event is an object with a text \"event\"",
        "``                                     | an event is an object with a text \"event\"",
        "{\"event\":7}                          | an event is an object with a text \"event\"",
        "{\"event\":\"a\",\"colour\":1}           | there is no column 'colour'; others go into",
        "{\"event\":\"a\",\"user_id\":7}          | the column 'user_id' is STRING, not 7",
        "{\"event\":\"a\",\"value\":\"7\"}        | the column 'value' is DOUBLE, not \"7\"",
        "{\"event\":\"a\",\"timestamp\":\"today\"}  | needs a time such as 2026-01-31T12:00:00Z",
        "{\"event\":\"a\",\"properties\":[]}       | \"properties\" must be an object",
        "{\"event\":\"a\",\"properties\":\"x\"}      | \"properties\" is not JSON",
      })
  void whatIsWrongIsSaid(String line, String why) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
