package weir.lake.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanRecord;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeOptions;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.catalog.SyncedFolders;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.rows.ParquetEngine;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;
import weir.lake.table.TableFiles;
import weir.lake.upkeep.OrphanFiles;
import weir.lake.writing.OpenLake;
import weir.log.files.FileHandle;

/**
 * What lies beside files of events says the same of their rows, comes in time and goes with them.
 */
final class SidecarTest {
  private static final Path PARQUET = Path.of("/lake/a.parquet");

  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = ManualClock.atSystemTime();

  private OpenLake open() throws IOException {
    return new OpenLake(
        temp.resolve("lake"), weir.log.files.Files.system(), clock, OpenLake.UPKEEP);
  }

  /** A row of a file as its sidecar has it. */
  private record Row(String event, long number, long actor, long time) {}

  private static List<Row> inFile(Path parquet) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT event, file_row_number, "
                    + Sidecar.ACTOR
                    + ", epoch_us(timestamp) FROM read_parquet('"
                    + parquet
                    + "', file_row_number = true) WHERE event IS NOT NULL"
                    + " ORDER BY file_row_number")) {
      List<Row> found = new ArrayList<>();
      while (rows.next()) {
        found.add(new Row(rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4)));
      }
      return found;
    }
  }

  /** Some by the event's name, some rarely, some from the second commit on. */
  private static Map<String, Object> properties(SplittableRandom random, String name, int commit) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("p_" + name.replace(' ', '_'), random.nextDouble());
    if (random.nextInt(60) == 0) {
      properties.put("p_rare_" + random.nextInt(8), "x");
    }
    if (commit > 0 && random.nextBoolean()) {
      properties.put("p_later", random.nextBoolean());
    }
    return properties;
  }

  private static Map<String, BitSet> columnsInFile(Path parquet, List<LakeColumn> columns)
      throws Exception {
    Map<String, BitSet> found = new HashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM read_parquet('" + parquet + "')")) {
      Set<String> present = new HashSet<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        present.add(rows.getMetaData().getColumnName(i));
      }
      while (rows.next()) {
        BitSet ids = found.computeIfAbsent(rows.getString("event"), event -> new BitSet());
        for (LakeColumn column : columns) {
          if (column.name().startsWith("p_")
              && present.contains(column.name())
              && rows.getObject(column.name()) != null) {
            ids.set(column.fieldId());
          }
        }
      }
    }
    return found;
  }

  private static List<Row> inSidecar(LakeFile file) throws IOException {
    Sidecar sidecar = Sidecar.open(file);
    Sidecar.Content content = sidecar.read(sidecar.events());
    List<Row> found = new ArrayList<>();
    for (Sidecar.Block block : content.blocks()) {
      int[] actors = new int[block.runs()];
      int[] lengths = new int[block.runs()];
      long[] times = new long[block.events().rows()];
      block.readRuns(actors, lengths);
      block.readTimes(times);
      int row = 0;
      for (int run = 0; run < actors.length; run++) {
        for (int i = 0; i < lengths[run]; i++) {
          long number = block.events().first() + row;
          long actor = content.actors()[actors[run]];
          found.add(new Row(block.events().event(), number, actor, times[row++]));
        }
      }
      assertThat(row).isEqualTo(block.events().rows());
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 1_000_000})
  void itSaysWhatTheFileSays(int unit) throws Exception {
    SplittableRandom random = new SplittableRandom(unit);
    try (OpenLake open = open()) {
      for (int commit = 0; commit < 3; commit++) {
        List<CleanRecord> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
          // some events are few, and some actors do much
          String name = "name " + Integer.numberOfTrailingZeros(random.nextInt(256) | 128);
          long time = Samples.NOON + unit * (random.nextLong(200_000_000_000L) / unit);
          int number = random.nextInt(4) == 0 ? 7 : random.nextInt(10_000);
          rows.add(Samples.event("shop", number, name, time, properties(random, name, commit)));
        }
        open.append(rows);
      }
      open.upkeep();
      List<LakeFile> files = open.read().files();
      assertThat(files).hasSizeBetween(3, 9);
      for (LakeFile file : files) {
        assertThat(inSidecar(file)).isEqualTo(inFile(file.path()));
        assertThat(Sidecar.open(file).columns())
            .isEqualTo(columnsInFile(file.path(), open.read().columns()));
        assertThat(Sidecar.open(file).newest().getAsLong())
            .isBetween(Samples.NOON, Samples.NOON + 10_000);
      }
      assertThat(open.count("weir_lake_sidecars")).isEqualTo(files.size());
    }
  }

  private static byte[] example(Path at) throws IOException {
    SidecarEncoder encoder =
        new SidecarEncoder(new LakeFile(PARQUET, 9, 1234, LocalDate.EPOCH), 0x1122334455667788L);
    encoder.begin("cart ü", 0);
    encoder.add(-1, 7_000_000);
    encoder.add(5, 3_000_000);
    encoder.add(5, 5_000_000);
    encoder.add(5, 10_000_000);
    encoder.begin("seen", 5);
    encoder.add(0x7fff_ffff_ffff_ffffL, 1);
    encoder.add(5, 2);
    encoder.received(12_345_678);
    encoder.columns("cart ü", Set.of(1007, 1000));
    encoder.columns("seen", Set.of(1007, 1400));
    try (FileHandle file = weir.log.files.Files.system().create(at)) {
      encoder.write(file);
    }
    return Files.readAllBytes(at);
  }

  /** The format of docs/formats/sidecar.md. Where it changes, the version must. */
  @Test
  void theFormatIsAsItWas() throws Exception {
    byte[] bytes = example(temp.resolve("x"));
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
  }

  private static final String GOLDEN =
      "574549524b45505402000000ee0000008877665544332211d20400000000000009000000000000004e61bc00"
          + "0000000009000000612e7061727175657403000000e8030000ef0300007805000003000000ee000000000000"
          + "00180000001e3574ce02000000070000006361727420c3bc0000000004000000c0c62d000000000080969800"
          + "000000000400000040420f00000000000200030006010000000000000300000031de4c500304000000736565"
          + "6e05000000020000000100000000000000020000000000000002000000010000000000000002000100090100"
          + "0000000000020000001756957906f0d0ed0affffffffffffffff0500000000000000ffffffffffffff7f5484"
          + "0e0602";

  @Test
  void whatIsDamagedOrOfAnotherFileIsRefused() throws Exception {
    Path parquet = temp.resolve("a.parquet");
    LakeFile file = new LakeFile(parquet, 9, 1234, LocalDate.EPOCH);
    Path path = Sidecar.of(parquet);
    byte[] whole = example(path);
    Sidecar.open(file).verify();
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) (1 << i % 8);
      Files.write(path, damaged);
      refused(file, "byte " + i);
      Files.write(path, Arrays.copyOf(whole, i));
      refused(file, "length " + i);
    }
    Files.write(path, Arrays.copyOf(whole, whole.length + 1));
    refused(file, "longer");
    Files.write(path, whole);
    refused(new LakeFile(parquet, 8, 1234, LocalDate.EPOCH), "other rows");
    refused(new LakeFile(parquet, 9, 1235, LocalDate.EPOCH), "another length");
    Path other = temp.resolve("b.parquet");
    Files.write(Sidecar.of(other), whole);
    refused(new LakeFile(other, 9, 1234, LocalDate.EPOCH), "another name");
  }

  /** Told apart, so that nobody is warned of each file after an update. */
  @Test
  void oneOfAnotherVersionIsRefusedAsSuch() throws Exception {
    Path parquet = temp.resolve("a.parquet");
    byte[] bytes = example(Sidecar.of(parquet));
    bytes[8]--;
    Files.write(Sidecar.of(parquet), bytes);
    assertThatThrownBy(() -> Sidecar.open(new LakeFile(parquet, 9, 1234, LocalDate.EPOCH)))
        .isInstanceOf(Sidecar.OtherVersionException.class);
  }

  private static void refused(LakeFile file, String what) {
    assertThatThrownBy(() -> Sidecar.open(file).verify())
        .as(what)
        .isInstanceOf(Sidecar.DamagedException.class);
  }

  @Test
  void rowsThatDoNotLieTogetherHaveNone() throws Exception {
    SidecarEncoder encoder = new SidecarEncoder(new LakeFile(PARQUET, 9, 1, LocalDate.EPOCH), 1);
    encoder.begin("a", 0);
    encoder.add(1, 1);
    encoder.begin("b", 1);
    encoder.add(1, 1);
    assertThatThrownBy(() -> encoder.begin("a", 2)).isInstanceOf(SidecarMaker.UnfitException.class);
  }

  @Test
  void timesThatLieTooFarApartHaveNone() throws Exception {
    SidecarEncoder encoder = new SidecarEncoder(new LakeFile(PARQUET, 9, 1, LocalDate.EPOCH), 1);
    encoder.begin("a", 0);
    encoder.add(1, Long.MIN_VALUE);
    encoder.add(1, Long.MAX_VALUE);
    assertThatThrownBy(encoder::end).isInstanceOf(SidecarMaker.UnfitException.class);
  }

  @Test
  void whatIsMissingOrDamagedIsMadeAnewByTheNextProcess() throws Exception {
    List<LakeFile> files;
    try (OpenLake open = open()) {
      open.append(Samples.event("shop", 1));
      open.append(Samples.event("shop", 2, "a", Samples.NOON + Samples.DAY, Map.of()));
      open.append(Samples.event("shop", 3, "a", Samples.NOON + 2 * Samples.DAY, Map.of()));
      open.upkeep();
      files = open.read().files();
    }
    Files.delete(Sidecar.of(files.get(0).path()));
    byte[] whole = Files.readAllBytes(Sidecar.of(files.get(1).path()));
    whole[whole.length - 1]++;
    Files.write(Sidecar.of(files.get(1).path()), whole);
    Path draft = Files.writeString(Path.of(Sidecar.of(files.get(0).path()) + ".new"), "torn");
    try (OpenLake open = open()) {
      open.upkeep();
      for (LakeFile file : files) {
        assertThat(inSidecar(file)).isEqualTo(inFile(file.path()));
      }
      assertThat(open.count("weir_lake_sidecars")).isEqualTo(2);
      assertThat(draft).doesNotExist();
    }
  }

  private List<Path> sidecars() throws IOException {
    try (Stream<Path> all = Files.walk(temp)) {
      return all.filter(path -> path.toString().contains(".kept")).toList();
    }
  }

  @Test
  void theyGoWithTheirFiles() throws Exception {
    try (OpenLake open = open()) {
      open.append(Samples.event("shop", 0));
      open.upkeep();
      assertThat(sidecars()).hasSize(1);
      open.appendEach(1, 8, number -> number);
      clock.advance(Duration.ofMinutes(1));
      open.upkeep();
      assertThat(open.read().files()).hasSize(1);
      assertThat(sidecars()).hasSize(2);
      open.events().expireSnapshotsReplacedBefore(clock.instant());
      assertThat(sidecars()).containsExactly(Sidecar.of(open.read().files().getFirst().path()));
    }
  }

  @Test
  void thoseWithoutFilesAreOrphans() throws Exception {
    try (OpenLake open = open()) {
      open.append(Samples.event("shop", 1));
      open.upkeep();
      Path kept = Sidecar.of(open.read().files().getFirst().path());
      Path lost = kept.resolveSibling("lost.parquet.kept");
      Path draft = kept.resolveSibling("lost.parquet.kept.new");
      Files.writeString(lost, "x");
      Files.writeString(draft, "x");
      new OrphanFiles(
              weir.log.files.Files.system(),
              new TableFiles(
                  weir.log.files.Files.system(),
                  new SyncedFolders(weir.log.files.Files.system(), temp),
                  new ParquetEngine(LakeOptions.DEFAULT)))
          .remove(open.events().table(), Instant.parse("2200-01-01T00:00:00Z"));
      assertThat(sidecars()).containsExactly(kept);
    }
  }

  @Test
  void tablesOfOtherRowsHaveNone() throws Exception {
    try (OpenLake open = open()) {
      TableName bad = new TableName("shop", TableLayout.BAD_EVENTS);
      IcebergTable table = open.badEvents();
      RowWriter rows = table.newWriter();
      rows.add(Samples.bad("shop", 1));
      table.commit(rows.write(), table.committedUpTo(), Positions.of(new Position(1)));
      open.lake.upkeep().changed(bad);
      open.upkeep();
      assertThat(open.lake.reader().snapshot("shop").badEvents().files()).hasSize(1);
      assertThat(sidecars()).isEmpty();
    }
  }
}
