package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Table, order and filter of fingerprints, against Java's own collections. */
class FingerprintTest {
  private static Fingerprint random(Random random) {
    long high = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextLong();
    return new Fingerprint(
        high, random.nextInt(5) == 0 ? random.nextInt(3) - 1 : random.nextLong());
  }

  private static int compare(Fingerprint a, Fingerprint b) {
    int byHigh = Long.compareUnsigned(a.high(), b.high());
    return byHigh != 0 ? byHigh : Long.compareUnsigned(a.low(), b.low());
  }

  @Property(tries = 50)
  void tableKeepsTheNewestSliceAndSortsEach(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    FingerprintTable table = new FingerprintTable();
    Map<Fingerprint, Integer> model = new HashMap<>();
    for (int round = 0; round < 2; round++) {
      for (int i = random.nextInt(3_000); i > 0; i--) {
        Fingerprint id = random(random);
        int slice = random.nextInt(4) - 1;
        table.put(id.high(), id.low(), slice);
        model.merge(id, slice, Math::max);
        Fingerprint other = random(random);
        assertThat(table.slice(other.high(), other.low()))
            .isEqualTo(model.getOrDefault(other, FingerprintTable.NONE));
      }
      assertThat(table.size()).isEqualTo(model.size());
      for (int slice : table.slicesInUse()) {
        List<Fingerprint> expected =
            model.entrySet().stream()
                .filter(entry -> entry.getValue() == slice)
                .map(Map.Entry::getKey)
                .sorted(FingerprintTest::compare)
                .toList();
        assertThat(all(FingerprintOrder.of(table.sorted(slice)))).isEqualTo(expected);
      }
      table.clear();
      model.clear();
      assertThat(table.size()).isZero();
    }
  }

  @Property(tries = 50)
  void mergedIsTheUnionInOrder(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    TreeSet<Fingerprint> union = new TreeSet<>(FingerprintTest::compare);
    List<FingerprintOrder> parts = new ArrayList<>();
    for (int part = random.nextInt(5); part > 0; part--) {
      FingerprintTable table = new FingerprintTable();
      for (int i = random.nextInt(200); i > 0; i--) {
        Fingerprint id = random(random);
        table.put(id.high(), id.low(), 1);
        union.add(id);
      }
      parts.add(FingerprintOrder.of(table.sorted(1)));
    }
    assertThat(all(FingerprintOrder.merged(parts))).isEqualTo(List.copyOf(union));
  }

  private static List<Fingerprint> all(FingerprintOrder order) throws IOException {
    List<Fingerprint> all = new ArrayList<>();
    while (order.next()) {
      all.add(new Fingerprint(order.high(), order.low()));
    }
    return all;
  }

  @Test
  void filterHoldsWhatWasAddedAndLittleElse() {
    Random random = new Random(7);
    FingerprintFilter filter = new FingerprintFilter(100_000);
    List<Fingerprint> added = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      Fingerprint id = new Fingerprint(random.nextLong(), random.nextLong());
      added.add(id);
      filter.add(id.high(), id.low());
    }
    assertThat(added).allMatch(id -> filter.mayHold(id.high(), id.low()));
    int wrong = 0;
    for (int i = 0; i < 100_000; i++) {
      wrong += filter.mayHold(random.nextLong(), random.nextLong()) ? 1 : 0;
    }
    assertThat(wrong).isLessThan(300);
  }
}
