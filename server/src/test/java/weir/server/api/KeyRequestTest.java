package weir.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.metadata.KeyLimit;
import weir.metadata.NewKey;
import weir.query.RowLimit;

class KeyRequestTest {
  private static KeyLimit limit(String value) {
    String body =
        "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"size\",\"value\":%s}}"
            .formatted(value);
    NewKey key = KeyRequest.parse(body.getBytes(StandardCharsets.UTF_8)).keys().getFirst();
    return ((NewKey.Api) key).limit().orElseThrow();
  }

  /** What is kept of a limit means the number that was sent. */
  @ParameterizedTest
  @CsvSource({
    "17, 17",
    "17.0, 17",
    "1e2, 100",
    "1e25, 1e+25",
    "1E+25, 1e+25",
    "10000000000000000000000000, 10000000000000000000000000",
    "9007199254740993, 9007199254740993",
    "9007199254740993.0, 9007199254740992",
    "9007199254740993e0, 9007199254740992",
    "1e308, 1e+308",
    "-1e-320, -1e-320",
    "1e400, 1e+400",
    "0.000, 0",
  })
  void aLimitToANumberOfAnySize(String sent, String means) {
    KeyLimit kept = limit(sent);
    assertThat(RowLimit.parse(kept.property(), kept.json()).value()).isEqualTo(means);
    assertThat(limit(kept.json())).as("what is listed can be sent again").isEqualTo(kept);
  }

  @Test
  void halfASurrogatePairIsKeptAsTheCollectorKeepsIt() {
    KeyLimit limit = limit("\"a\\ud800\"");
    assertThat(limit.json()).isEqualTo("\"a\ufffd\"");
  }

  @Test
  void aLimitIsNotLong() {
    assertThat(limit("\"" + "x".repeat(200) + "\"").json()).hasSize(202);
    for (String wrong : new String[] {"\"" + "x".repeat(201) + "\"", "1" + "0".repeat(200)}) {
      assertThatThrownBy(() -> limit(wrong)).hasMessageContaining("may have 200 characters");
    }
  }
}
