package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.LakeOptions;
import weir.lake.LakeTable;
import weir.lake.reading.LakeReader;
import weir.lake.writing.Lake;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/** Years, as {@code bench years} makes them, but fewer: what they cost in work, not in time. */
class YearsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YearsData.Size SIZE = new YearsData.Size(120, 25, 30, 50, 20);
  private static final int COMMIT = 40;

  @TempDir Path folder;

  @Test
  void whatWasMadeIsAllThereAndIsKeptInOrderWithBoundedWork() throws Exception {
    Path data = folder.resolve("data");
    InstantSource clock = InstantSource.system();
    long rows = new YearsData(data, SIZE, 7).make(clock.instant());
    assertThat(rows).isGreaterThan(SIZE.days() * 24 * 60 / SIZE.ledgerMinutes());
    tables(data.resolve("lake"));
    upkeep(data.resolve("lake"), clock);
    answers(data);
  }

  private static void tables(Path lake) throws IOException {
    try (LakeReader reader = LakeReader.open(lake)) {
      LakeTable events = reader.snapshot(YearsData.PROJECT).events();
      assertThat(events.rows()).isEqualTo(SIZE.events());
      assertThat(events.loadedTotal()).isEqualTo(SIZE.events());
      assertThat(events.files()).hasSizeBetween(SIZE.snapshots(), 2 * SIZE.snapshots());
    }
  }

  private static void upkeep(Path lake, InstantSource clock) throws IOException {
    CountingFiles files = new CountingFiles();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Lake opened = Lake.open(lake, files, LakeOptions.DEFAULT, clock, meters)) {
      files.operations.set(0);
      boolean more = true;
      while (more) {
        more = opened.upkeep().step();
      }
      assertThat(opened.upkeep().trouble()).isEmpty();
      double expired = meters.get("weir_lake_snapshots_expired").counter().count();
      assertThat(expired).isBetween(SIZE.snapshots() - 3.0, (double) SIZE.snapshots());
      assertThat(files.operations.get())
          .as("a few for each snapshot and each file, whatever their number")
          .isLessThan(10L * SIZE.snapshots() + 5 * COMMIT);
      files.operations.set(0);
      assertThat(opened.upkeep().step()).isFalse();
      assertThat(files.operations.get()).as("and then none").isLessThan(COMMIT);
    }
    tablesHold(lake);
  }

  private static void tablesHold(Path lake) throws IOException {
    try (LakeReader reader = LakeReader.open(lake)) {
      assertThat(reader.snapshot(YearsData.PROJECT).events().rows()).isEqualTo(SIZE.events());
    }
  }

  private static void answers(Path data) throws Exception {
    try (WeirProcess weir = WeirProcess.start(data, Map.of())) {
      weir.awaitEvents(SIZE.events(), Duration.ofMinutes(2));
      assertThat(weir.column("select count(distinct event) as n from events"))
          .isEqualTo(List.of("" + SIZE.names()));
      assertThat(weir.column("select count(distinct event_id) as n from events"))
          .isEqualTo(List.of("" + SIZE.events()));
      JsonNode status = JSON.readTree(weir.api("/api/v1/status", ""));
      assertThat(status.path("problems")).isEmpty();
      assertThat(status.at("/ledger/balanced").asBoolean()).isTrue();
      long past = SIZE.days() * 24L * 60 / SIZE.ledgerMinutes();
      assertThat(status.at("/ledger/accepted").asLong()).isEqualTo(SIZE.events() + 3 * past);
      assertThat(weir.column("select sum(accepted) as n from ledger where source = 'past'"))
          .as("thinned or not, nothing is lost")
          .isEqualTo(List.of("" + 3 * past));
    }
  }

  /** The machine's files, and how often something is done with them. */
  private static final class CountingFiles implements Files {
    private final Files files = Files.system();
    private final AtomicLong operations = new AtomicLong();

    @Override
    public FileHandle create(Path file) throws IOException {
      operations.incrementAndGet();
      return files.create(file);
    }

    @Override
    public FileHandle open(Path file) throws IOException {
      operations.incrementAndGet();
      return files.open(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
      operations.incrementAndGet();
      return files.list(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      operations.incrementAndGet();
      files.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      operations.incrementAndGet();
      files.delete(file);
    }

    @Override
    public void sync(Path fileOrDirectory) throws IOException {
      operations.incrementAndGet();
      files.sync(fileOrDirectory);
    }
  }
}
