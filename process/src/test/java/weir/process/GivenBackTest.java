package weir.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Decoded;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.DuplicateEvent;
import weir.event.Position;
import weir.log.files.MemoryFiles;

/** Ids that are given back may come once more; others may not, whatever happens meanwhile. */
class GivenBackTest {
  private static final Path DIRECTORY = Path.of("/data/duplicates");
  private static final long NOON = Rig.RECEIVED;
  private static final long DAY = 86_400_000_000L;

  @TempDir Path folder;

  private static Fingerprint id(int n) {
    return Fingerprint.of("shop", "id-" + n);
  }

  private static DuplicateIndex open(MemoryFiles files) throws IOException {
    return DuplicateIndex.open(
        files,
        DIRECTORY,
        DuplicateOptions.defaults(),
        InstantSource.fixed(Rig.NOW),
        new SimpleMeterRegistry());
  }

  private static MemoryFiles durableParent() throws IOException {
    MemoryFiles files = new MemoryFiles();
    files.create(Path.of("/data/keep")).close();
    files.sync(Path.of("/data"));
    files.sync(Path.of("/"));
    return files;
  }

  /** Ids 0 to 2999, of two days, a tenth of them in memory alone. */
  private static void fill(DuplicateIndex index) throws IOException {
    for (int n = 0; n < 3000; n++) {
      index.add(id(n), NOON - (n % 2) * DAY);
      if (n % 900 == 899) {
        index.save(new Position(n + 1));
      }
    }
  }

  private static FingerprintSet third() {
    FingerprintSet ids = new FingerprintSet();
    IntStream.range(0, 3000).filter(n -> n % 3 == 0).forEach(n -> ids.add(id(n)));
    return ids;
  }

  private static long known(DuplicateIndex index, boolean third) throws IOException {
    long known = 0;
    for (int n = 0; n < 3000; n++) {
      known += (n % 3 == 0) == third && !index.accept(id(n), NOON) ? 1 : 0;
    }
    return known;
  }

  @Test
  void allOfThemAreForgottenOrNoneWhereverThePowerIsCut() throws Exception {
    boolean[] seen = {false, false};
    boolean through = false;
    for (int changes = 0; !through; changes++) {
      MemoryFiles files = durableParent();
      DuplicateIndex index = open(files);
      fill(index);
      files.powerOffAfter(changes);
      try {
        index.giveBack(third(), NOON - DAY, NOON, new Position(3000));
        through = true;
      } catch (IOException e) {
        assertThat(e).as("the power is cut").isNotNull();
      }
      files.crash(new Random(changes));
      try (DuplicateIndex again = open(files)) {
        for (int n = (int) again.holdsFrom().value(); n < 3000; n++) {
          again.add(id(n), NOON - (n % 2) * DAY); // as the clean log gives them
        }
        assertThat(known(again, false)).as("others, cut after %d", changes).isEqualTo(2000);
        long left = known(again, true);
        assertThat(left).as("cut after %d changes", changes).isIn(0L, 1000L);
        seen[left == 0 ? 1 : 0] = true;
        assertThat(!through || left == 0).isTrue();
      }
    }
    assertThat(seen).as("before and after").containsOnly(true);
  }

  @Test
  void aSliceOfNothingElseGoesWhole() throws Exception {
    MemoryFiles files = durableParent();
    try (DuplicateIndex index = open(files)) {
      fill(index);
      FingerprintSet all = new FingerprintSet();
      IntStream.range(0, 3000).filter(n -> n % 2 == 1).forEach(n -> all.add(id(n)));
      index.giveBack(all, NOON - DAY, NOON - DAY, new Position(3000));
    }
    try (DuplicateIndex index = open(files)) {
      assertThat(index.accept(id(1), NOON)).isTrue();
      assertThat(index.accept(id(2), NOON)).isFalse();
    }
  }

  @Test
  void eventsThatWereGivenBackAreEventsOnceMore() throws Exception {
    try (Rig rig = new Rig(folder)) {
      Decoded a = FakeProtocol.event("a", Map.of());
      Decoded b = FakeProtocol.event("b", Map.of());
      Instant now = Instant.EPOCH.plus(NOON, ChronoUnit.MICROS);
      rig.send(rig.protocol.request("shop", "web", NOON, a, b));
      try (Processor processor = rig.start()) {
        assertThat(processor.awaitCaughtUp(Rig.LONG)).isTrue();
        processor.giveBack("shop", List.of("a", "never"), now, now).get(30, TimeUnit.SECONDS);
        rig.send(rig.protocol.request("shop", "web", NOON, a, b));
        assertThat(processor.awaitCaughtUp(Rig.LONG)).isTrue();
      }
      rig.send(rig.protocol.request("shop", "web", NOON, a));
      List<CleanRecord> records = rig.process();
      assertThat(records)
          .extracting(Object::getClass)
          .asList()
          .containsExactly(
              CleanEvent.class,
              CleanEvent.class,
              CleanEvent.class,
              DuplicateEvent.class,
              DuplicateEvent.class);
      Processor closed = rig.start();
      closed.close();
      assertThatThrownBy(() -> closed.giveBack("shop", List.of("a"), now, now).get())
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("has ended");
    }
  }
}
