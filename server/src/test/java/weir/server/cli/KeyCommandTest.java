package weir.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCommandTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "17, 17",
        "17.0, 17.0",
        "1e25, 1e25",
        "1e400, 1e400",
        "9007199254740993.0, 9007199254740993.0",
        "10000000000000000000000000, 10000000000000000000000000",
        "true, true",
        "\"17\", \"17\"",
        "017, \"017\"",
        "red, \"red\"",
        "NaN, \"NaN\"",
        "null, \"null\"",
        "[1], \"[1]\"",
      })
  void aLimitsValueIsSentAsItWasWritten(String written, String sent) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("value", KeyCommand.value(written));
    assertThat(body.toString()).isEqualTo("{\"value\":" + sent + "}");
  }
}
