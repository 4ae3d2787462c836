package weir.lake.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubleTextTest {
  private static String text(double value) {
    return new String(DoubleText.of(value), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "17, 17",
    "0, 0",
    "-0.0, -0.0",
    "-3, -3",
    "19.99, 19.99",
    "-0.05, -0.05",
    "0.5, 0.50",
    "48.8584, 48.8584",
    "-2.294481, -2.294481",
    "999999999999.99, 999999999999.99",
    "1e15, 1.0E15",
    "1e300, 1.0E300",
    "5e-324, 4.9E-324",
    "0.1234567, 0.1234567",
  })
  void theDigitsAreWrittenWhereThereAreFew(double value, String text) {
    assertThat(text(value)).isEqualTo(text);
  }

  @Property
  void anyDoubleIsReadAsTheSame(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    assertThat(Double.doubleToLongBits(Double.parseDouble(text(value))))
        .isEqualTo(Double.doubleToLongBits(value));
  }

  @Property(tries = 5000)
  void decimalsAreReadAsTheSame(@ForAll long digits, @ForAll @IntRange(max = 20) int places) {
    double value = new BigDecimal(digits).movePointLeft(places).doubleValue();
    assertThat(Double.doubleToLongBits(Double.parseDouble(text(value))))
        .isEqualTo(Double.doubleToLongBits(value));
  }
}
