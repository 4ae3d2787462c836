package weir.query.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowDiskTest {
  @TempDir Path dir;

  private static RowStore rows(long seed, int persons, int most) {
    SplittableRandom random = new SplittableRandom(seed);
    RowCollector rows = new RowCollector();
    for (int person = 0; person < persons; person++) {
      long key = person == 0 ? -1 : random.nextLong() >>> 1;
      for (int i = random.nextInt(most); i >= 0; i--) {
        rows.add(key, random.nextLong(), random.nextInt(60_000), random.nextInt());
      }
    }
    return new RowStore.InMemory(rows.sorted());
  }

  private static int count(RowStore rows) {
    int count = 0;
    for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
      count += rows.size(partition);
    }
    return count;
  }

  private static void same(Rows found, Rows expected) {
    assertThat(found.persons()).isEqualTo(expected.persons());
    assertThat(found.times()).isEqualTo(expected.times());
    assertThat(found.parts()).isEqualTo(expected.parts());
    assertThat(found.numbers()).isEqualTo(expected.numbers());
  }

  @Test
  void rowsComeBackAsTheyWere() {
    RowDisk disk = new RowDisk(dir, 1 << 30, System::nanoTime);
    for (int[] size : new int[][] {{0, 1}, {1, 1}, {40, 3}, {3_000, 90}, {3, 120_000}}) {
      RowStore memory = rows(size[0], size[0], size[1]);
      RowStore file = disk.write(count(memory), memory::rows);
      for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
        assertThat(file.size(partition)).isEqualTo(memory.size(partition));
        same(file.rows(partition), memory.rows(partition));
      }
    }
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void thoseOfAPersonAreFound() {
    RowDisk disk = new RowDisk(dir, 1 << 30, System::nanoTime);
    RowStore memory = rows(7, 2_000, 5);
    RowStore file = disk.write(count(memory), memory::rows);
    for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
      Rows all = memory.rows(partition);
      for (int row = 0; row < all.size(); row++) {
        long person = all.persons()[row];
        Rows found = file.rowsOf(person);
        int end = all.first(person + 1);
        assertThat(found.persons()).containsOnly(person);
        assertThat(found.times())
            .isEqualTo(Arrays.copyOfRange(all.times(), all.first(person), end));
        assertThat(file.rowsOf(person + 1).size()).isZero();
      }
    }
  }

  @Test
  void whatIsNotReferredToMakesRoom() {
    RowStore memory = rows(1, 1_000, 40);
    long bytes = (long) count(memory) * Rows.BYTES;
    RowDisk disk = new RowDisk(dir, 3 * bytes + 10_000, System::nanoTime);
    RowStore kept = disk.write(count(memory), memory::rows);
    for (int i = 0; i < 20; i++) {
      disk.write(count(memory), memory::rows);
    }
    RowStore another = disk.write(count(memory), kept::rows);
    assertThatThrownBy(() -> disk.write(3L * count(memory), memory::rows))
        .isInstanceOf(TooLargeException.class);
    same(another.rows(9), memory.rows(9));
    same(kept.rows(9), memory.rows(9));
  }

  @Test
  void aFolderThatIsGoneIsNoRoom() {
    RowStore memory = rows(1, 100, 4);
    RowDisk disk = new RowDisk(dir.resolve("none"), 1 << 30, System::nanoTime);
    assertThatThrownBy(() -> disk.write(count(memory), memory::rows))
        .isInstanceOf(TooLargeException.class);
    assertThatThrownBy(() -> RowDisk.NONE.write(count(memory), memory::rows))
        .isInstanceOf(TooLargeException.class);
    assertThat(disk.bytes()).isZero();
  }
}
