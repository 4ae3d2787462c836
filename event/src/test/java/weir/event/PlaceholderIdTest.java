package weir.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholderIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "None",
        "undefined",
        "NaN",
        "[object Object]",
        "\"null\"",
        "'0'",
        "guest",
        "00000000-0000-0000-0000-000000000000"
      })
  void nobody(String id) {
    assertThat(PlaceholderId.is(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"",
        "u1",
        "nullable",
        "10",
        "00",
        "00000000-0000-0000-0000-000000000001",
        "guest@example.com"
      })
  void somebody(String id) {
    assertThat(PlaceholderId.is(id)).isFalse();
  }
}
