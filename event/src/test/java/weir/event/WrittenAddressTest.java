package weir.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          203.0.113.7:4711 | 203.0.113.7
          [2001:db8::1]:4711 | 2001:db8::1
          [2001:DB8::1] | 2001:db8::1
          ::ffff:203.0.113.7 | 203.0.113.7
          203.0.113.7, 198.51.100.2 | 203.0.113.7
          203.0.113.7:4711,10.0.0.6 | 203.0.113.7
          unknown, 203.0.113.7 | 203.0.113.7
          '  203.0.113.7 ' | 203.0.113.7
          """)
  void addressesAreFoundHoweverTheyAreWritten(String written, String address) {
    assertThat(WrittenAddress.bare(written)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "203.0.113.7",
        "2001:db8::1",
        "",
        "unknown",
        "_hidden",
        ",",
        "[",
        "[]",
        ":",
        "localhost:80"
      })
  void whatIsBareOrNoneStaysAsItIs(String text) {
    assertThat(WrittenAddress.bare(text)).isEqualTo(text);
  }

  @Test
  void longTextsEnd() {
    String list = "x,".repeat(1_000_000);
    assertThat(WrittenAddress.bare(list)).isEqualTo(list);
  }
}
