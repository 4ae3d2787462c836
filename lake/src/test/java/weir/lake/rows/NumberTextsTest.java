package weir.lake.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NumberTextsTest {
  private final NumberTexts texts = new NumberTexts();

  @Test
  void readBackAsTheSameBits() {
    SplittableRandom random = new SplittableRandom(20_261_130);
    double[] some = {
      0.0,
      -0.0,
      1,
      -1,
      0.1,
      19.99,
      1e300,
      -1e-300,
      1L << 53,
      (1L << 53) - 1,
      -(1L << 53),
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (int round = 0; round < 3; round++) {
      for (double each : some) {
        assertReadsBack(each);
      }
    }
    for (int i = 0; i < 100_000; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      assertReadsBack(any);
      assertReadsBack((double) (long) any);
      assertReadsBack(random.nextInt(5_000) / 100.0);
    }
  }

  private void assertReadsBack(double value) {
    String text = new String(texts.of(Double.doubleToLongBits(value)), StandardCharsets.ISO_8859_1);
    assertThat(Double.doubleToLongBits(Double.parseDouble(text)))
        .as(text)
        .isEqualTo(Double.doubleToLongBits(value));
  }
}
