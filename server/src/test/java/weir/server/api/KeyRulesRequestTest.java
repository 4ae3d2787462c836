package weir.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.metadata.NewKey;

class KeyRulesRequestTest {
  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      nullValues = "-",
      value = {
        "-|{'rules':{'monthly_quota':5}}|{'monthly_quota':5}",
        "{'monthly_quota':5}|{'rules':{'origins':['a.example']}}|{'origins':['a.example'],'monthly_quota':5}",
        "{'monthly_quota':5}|{'rules':{'monthly_quota':6}}|{'monthly_quota':6}",
        "{'monthly_quota':5}|{'rules':{'monthly_quota':null}}|-",
        "{'monthly_quota':5}|{'rules':null}|-",
        "{'monthly_quota':5}|{'rules':{}}|{'monthly_quota':5}",
        "-|{'rules':{'origins':[],'require_origin':false}}|-",
        "-|{'rules':{'deny':['2001:DB8::/32']}}|{'deny':['2001:db8::/32']}"
      })
  void aChangeIsMerged(@Nullable String before, String body, @Nullable String after) {
    assertThat(
            KeyRulesRequest.Change.parse(json(body))
                .of(Optional.ofNullable(before).map(text -> text.replace('\'', '"'))))
        .isEqualTo(Optional.ofNullable(after).map(text -> text.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{}|must have rules",
        "{'rules':5}|rules must be a JSON object",
        "{'rules':{'origin':[]}}|no field 'origin' but origins",
        "{'rules':{'burst':5}}|burst needs events_per_second",
        "{'rules':{'allow':['x']}}|'x' is not a network",
        "{'rules':{'monthly_quota':1.5}}|whole number",
        "{'source':'x'}|no field 'source'"
      })
  void whatIsWrongIsTold(String body, String message) {
    assertThatThrownBy(() -> KeyRulesRequest.Change.parse(json(body)).of(Optional.empty()))
        .isInstanceOf(ApiError.Thrown.class)
        .hasMessageContaining(message);
  }

  @Test
  void newWriteKeysHaveRulesAndApiKeysNone() {
    NewKey key =
        KeyRequest.parse(json("{'kind':'write','source':'web','rules':{'monthly_quota':5}}"))
            .keys()
            .getFirst();
    assertThat(key).isEqualTo(new NewKey.Write("web", Optional.of("{\"monthly_quota\":5}")));
    assertThatThrownBy(
            () -> KeyRequest.parse(json("{'kind':'api','scope':'read','rules':{'burst':1}}")))
        .hasMessageContaining("no field 'rules'");
  }
}
