package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class BinEdgesTest {
  private static List<Double> edges(BinEdges edges) {
    List<Double> all = new ArrayList<>();
    for (int bin = 0; bin < edges.bins(); bin++) {
      all.add(edges.from(bin));
    }
    all.add(edges.to(edges.bins() - 1));
    return all;
  }

  @Test
  void edgesAreRound() {
    assertThat(edges(BinEdges.around(0, 100, 20, true)))
        .hasSize(21)
        .startsWith(0.0, 5.0, 10.0)
        .endsWith(100.0);
    assertThat(edges(BinEdges.around(0.13, 0.87, 5, false)))
        .containsExactly(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);
    assertThat(edges(BinEdges.around(0.3, 0.9, 6, false)))
        .containsExactly(0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    assertThat(edges(BinEdges.around(-37, 1_204, 4, false)))
        .containsExactly(-500.0, 0.0, 500.0, 1_000.0, 1_500.0);
  }

  @Test
  void fewWholeNumbersHaveABinEach() {
    assertThat(edges(BinEdges.around(1, 5, 20, true)))
        .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    assertThat(edges(BinEdges.around(3, 3, 1, true))).containsExactly(3.0, 4.0);
    assertThat(edges(BinEdges.around(0, 30, 20, true))).startsWith(0.0, 2.0).endsWith(30.0);
  }

  @Test
  void oneBinHoldsNumbersOnBothSidesOfZero() {
    assertThat(edges(BinEdges.around(-3, 7, 1, false))).containsExactly(-10.0, 10.0);
    assertThat(edges(BinEdges.around(-3, 7, 2, false))).containsExactly(-10.0, 0.0, 10.0);
    assertThat(edges(BinEdges.around(13, 17, 1, false))).containsExactly(10.0, 20.0);
  }

  @Test
  void oneValueHasABin() {
    assertThat(edges(BinEdges.around(0.25, 0.25, 20, false))).containsExactly(0.0, 1.0);
    assertThat(edges(BinEdges.around(1e300, 1e300, 20, true))).hasSize(2);
    assertThat(edges(BinEdges.around(-1e16, -1e16, 20, true))).hasSize(2);
  }

  /** Whatever the values are, each is in one of not too many bins. */
  @Property(tries = 1_000)
  void allValuesAreInBins(@ForAll long seed) {
    Random random = new Random(seed);
    double one = value(random);
    double other = random.nextInt(4) == 0 ? one - one * 1e-15 : value(random);
    double least = Math.min(one, other);
    double greatest = Math.max(one, other);
    boolean whole = least == Math.rint(least) && greatest == Math.rint(greatest);
    int most = 1 + random.nextInt(BinEdges.MOST_BINS);
    BinEdges edges = BinEdges.around(least, greatest, most, whole);
    String what = least + " to " + greatest + " in " + most + ": " + edges(edges);
    assertThat(edges.bins()).as(what).isBetween(1, most);
    assertThat(edges(edges)).as(what).isSorted().doesNotHaveDuplicates();
    for (double value : new double[] {least, greatest, least / 2 + greatest / 2}) {
      int bin = edges.bin(value);
      assertThat(bin).as(what).isBetween(0, edges.bins() - 1);
      assertThat(value).as(what).isBetween(edges.from(bin), edges.to(bin));
    }
  }

  private static double value(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(200) - 100;
      case 1 -> random.nextInt(1_000) / 8.0;
      case 2 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(2_000) - 1_000);
      case 3 -> random.nextLong();
      default -> random.nextBoolean() ? Double.MAX_VALUE : -Double.MIN_VALUE;
    };
  }
}
