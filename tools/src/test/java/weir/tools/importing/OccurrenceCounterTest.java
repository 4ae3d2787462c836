package weir.tools.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OccurrenceCounterTest {
  @TempDir Path temp;

  @Test
  void countsAsAMapDoesAlsoWhileItGrows() throws Exception {
    Random random = new Random(42);
    Map<Long, Long> reference = new HashMap<>();
    try (OccurrenceCounter counter = new OccurrenceCounter(temp)) {
      for (int i = 0; i < 400_000; i++) {
        long key = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(1, 150_000);
        long before = reference.merge(key, 1L, Long::sum) - 1;
        assertThat(counter.before(key)).isEqualTo(before);
      }
    }
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }
}
