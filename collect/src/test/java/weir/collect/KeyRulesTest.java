package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRulesTest {
  private static final String ALL =
      "{\"origins\":[\"https://shop.example\",\"*.shop.example\",\"null\"],\"require_origin\":true,"
          + "\"allow\":[\"203.0.113.0/24\"],\"deny\":[\"2001:db8::1/128\"],"
          + "\"events_per_second\":100,\"burst\":250,\"monthly_quota\":1000000}";

  @Test
  void writtenAsTheyAreRead() {
    assertThat(KeyRules.parse(ALL).json()).isEqualTo(ALL);
    assertThat(KeyRules.parse("{}")).isEqualTo(KeyRules.NONE);
    assertThat(KeyRules.NONE.json()).isEqualTo("{}");
    assertThat(KeyRules.parse("{\"later\":{\"a\":[1]},\"monthly_quota\":5}").quota()).isEqualTo(5);
    assertThat(KeyRules.parse("{\"events_per_second\":7}").capacity()).isEqualTo(70);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|must be a JSON object",
        "{|not JSON",
        "{} {}|one JSON object",
        "{'origins':'a'}|origins must be a list",
        "{'origins':[1]}|origins must be a list",
        "{'origins':['a b']}|is not an origin",
        "{'allow':['10.0.0.0/33']}|is not a network",
        "{'deny':[null]}|deny must be a list",
        "{'require_origin':1}|true or false",
        "{'events_per_second':0}|at least 1",
        "{'events_per_second':1.5}|whole number",
        "{'events_per_second':1000001}|1 to 1000000",
        "{'monthly_quota':9999999999999999999}|whole number",
        "{'burst':5}|burst needs"
      })
  void whatIsWrongIsTold(String json, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRules.parse(json.replace('\'', '"')))
        .withMessageContaining(message);
  }
}
