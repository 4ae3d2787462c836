package weir.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenNumberTest {
  private static WrittenNumber read(String text) {
    return WrittenNumber.read(text).orElseThrow();
  }

  /** What is kept, and the text and the digits that stand for it. */
  @ParameterizedTest
  @CsvSource({
    "17, 17.0, 17, 17",
    "17.0, 17.0, 17, 17",
    "1e2, 100.0, 100, 100",
    "-0.0, -0.0, 0, 0",
    "-0, -0.0, 0, 0",
    "0e9, 0.0, 0, 0",
    "017, 17.0, 17, 17",
    "9.50, 9.5, 9.5, ",
    ".5, 0.5, 0.5, ",
    "1e-7, 1.0E-7, 1e-07, ",
    "0.0001, 1.0E-4, 0.0001, ",
    "9007199254740992, 9.007199254740992E15, 9007199254740992, 9007199254740992",
    "9007199254740993, , 9007199254740993, 9007199254740993",
    "9007199254740993.0, 9.007199254740992E15, 9007199254740992, 9007199254740992",
    "9007199254740993e0, 9.007199254740992E15, 9007199254740992, 9007199254740992",
    "12345678901234567890, , 12345678901234567890, 12345678901234567890",
    "10000000000000000, 1.0E16, 10000000000000000, 10000000000000000",
    "1e22, 1.0E22, 1e+22, 10000000000000000000000",
    "10000000000000000000000, 1.0E22, 10000000000000000000000, 10000000000000000000000",
    "1e23, 1.0E23, 1e+23, 99999999999999991611392",
    "1e25, 1.0E25, 1e+25, 10000000000000000905969664",
    "10000000000000000905969664, 1.0E25, 10000000000000000905969664, 10000000000000000905969664",
    "10000000000000000000000000, , 10000000000000000000000000, 10000000000000000000000000",
    "-1.5e300, -1.5E300, -1.5e+300, ",
    "1e-320, 1.0E-320, 1e-320, ",
    "5e-324, 4.9E-324, 5e-324, ",
    "1E400, , 1e400, ",
    "1e-400, , 1e-400, ",
  })
  void theFormDecides(String text, Double kept, String label, String digits) {
    WrittenNumber number = read(text);
    assertThat(number.asDouble().stream().boxed().findFirst()).isEqualTo(Optional.ofNullable(kept));
    assertThat(number.text()).isEqualTo(label);
    if (Math.abs(Double.parseDouble(text)) < 1e100) {
      assertThat(number.digits()).isEqualTo(Optional.ofNullable(digits));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", ".", "e1", "1e", "0x1p3", "1d", "NaN", "Infinity", "1 2", "١"})
  void whatIsNoNumberIsNone(String text) {
    assertThat(WrittenNumber.read(text)).isEmpty();
  }

  @Test
  void aDecimalStaysOneWithoutItsZeros() {
    WrittenNumber number = WrittenNumber.ofDecimal(new BigDecimal("9007199254740993"));
    assertThat(number.asDouble()).hasValue(9007199254740992.0);
    assertThat(WrittenNumber.ofDecimal(new BigDecimal("1E+400")).text()).isEqualTo("1e+400");
    assertThat(WrittenNumber.ofDecimal(new BigDecimal("9007199254740993")))
        .hasToString("9007199254740993.0");
    assertThat(WrittenNumber.read("1".repeat(1_001))).isEmpty();
  }

  @Test
  void whatNoDoubleHoldsMayHaveBeenSentInSeveralForms() {
    assertThat(read("-1E+400").jsonTexts())
        .containsExactlyInAnyOrder("-1e+400", "-1E+400", "-1e400", "-1E400");
    assertThat(read("1e17").jsonTexts()).containsExactly("100000000000000000");
    assertThat(read("0.5").jsonTexts()).isEmpty();
    assertThat(read("9007199254740993").jsonTexts()).containsExactly("9007199254740993");
  }

  @Property
  void digitsAreADoubleIfOneHoldsThem(
      @ForAll @NumericChars @StringLength(min = 1, max = 330) String digits) {
    BigInteger exact = new BigInteger(digits);
    boolean isHeld =
        Double.isFinite(exact.doubleValue())
            && new BigDecimal(exact.doubleValue()).toBigInteger().equals(exact)
            && digits.length() <= 320;
    assertThat(read(digits).asDouble().isPresent()).isEqualTo(isHeld);
    assertThat(read(digits).exact()).isEqualByComparingTo(new BigDecimal(exact));
  }

  @Property
  void textsOfDoublesAreReadAsTheSameDouble(
      @ForAll long bits, @ForAll @IntRange(max = 2) int kind) {
    double value = kind == 0 ? Double.longBitsToDouble(bits) : kind == 1 ? bits : bits / 1e4;
    if (Double.isFinite(value)) {
      WrittenNumber number = read(WrittenNumber.text(value));
      assertThat(number.asDouble().orElseThrow() + 0.0).isEqualTo(value + 0.0);
      assertThat(number.text()).isEqualTo(WrittenNumber.text(value));
    }
  }
}
