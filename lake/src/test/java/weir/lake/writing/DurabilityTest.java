package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.FaultyCatalog;
import weir.lake.LakeOptions;
import weir.lake.ListLog;
import weir.lake.ManualClock;
import weir.lake.Samples;
import weir.lake.stored.StoredInput;
import weir.lake.stored.StoredTables;
import weir.log.PartitionedLog;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/** What a swap refers to is durable before it: bytes, names, and the names of all folders. */
final class DurabilityTest {
  @TempDir Path temp;

  @Test
  void everyFileAndFolderIsSyncedBeforeEachSwap() throws Exception {
    Path dir = temp.resolve("lake");
    Durable durable = new Durable(temp);
    ManualClock clock = new ManualClock();
    List<Integer> swaps = new ArrayList<>();
    LakeOptions options = Samples.options(1000, Duration.ZERO);
    try (Lake lake =
        Lake.open(
            dir,
            durable,
            options,
            clock,
            new SimpleMeterRegistry(),
            (io, create) -> {
              FaultyCatalog catalog = new FaultyCatalog(io, create);
              catalog.beforeSwap =
                  () -> {
                    // nothing that is swapped in refers to a sidecar; checksums tell a torn one
                    assertThat(durable.missing())
                        .allMatch(path -> path.toString().endsWith(".parquet.kept"));
                    swaps.add(swaps.size());
                  };
              return catalog;
            })) {
      ListLog log = new ListLog();
      LakeWriter writer = lake.writer(PartitionedLog.of(log));
      for (int i = 0; i < 6; i++) {
        long timestamp = Samples.NOON + i % 3 * Samples.DAY;
        log.add(Samples.event("shop", i, "a", timestamp, Map.of("p_" + i / 3, 1.0)));
        log.add(Samples.bad("shop", 100 + i));
        if (i % 3 == 2) {
          writer.step();
        }
      }
      assertThat(swaps).as("two tables made, two schema changes, four appends").hasSize(8);
      mergeAll(lake);
      storeTwiceAndDrop(lake);
      clock.advance(Duration.ofHours(2));
      mergeAll(lake);
      assertThat(lake.reader().snapshot("shop").events().files()).hasSize(3);
    }
    assertThat(swaps)
        .as("two compactions, a table stored twice and dropped, two expiries")
        .hasSizeBetween(14, 15);
  }

  private static void storeTwiceAndDrop(Lake lake) throws Exception {
    StoredTables tables = lake.storedTables();
    Path csv = tables.staging().resolve("plans.csv");
    for (String plan : List.of("free", "big")) {
      java.nio.file.Files.writeString(csv, "plan\n" + plan + "\n");
      tables.put("shop", "plans", new StoredInput(csv, StoredInput.Format.CSV, Map.of()));
    }
    assertThat(tables.drop("shop", "plans")).isInstanceOf(StoredTables.Dropped.Gone.class);
  }

  private static void mergeAll(Lake lake) {
    for (int steps = 0; lake.upkeep().step(); steps++) {
      assertThat(steps).isLessThan(20);
    }
  }

  /** Knows what a power cut would leave: synced files in folders whose names are synced. */
  private static final class Durable implements Files {
    private final Path root;
    private final Map<Path, Long> syncedBytes = new HashMap<>();
    private final Set<Path> durableNames = new HashSet<>();

    Durable(Path root) {
      this.root = root;
    }

    /** What exists under the root, and would not survive. */
    List<Path> missing() {
      try (Stream<Path> all = java.nio.file.Files.walk(root)) {
        return all.filter(path -> !path.equals(root))
            .filter(path -> !path.getFileName().toString().startsWith("catalog.db"))
            .filter(path -> !path.getFileName().toString().equals("spill"))
            .filter(path -> !path.startsWith(root.resolve("lake/staging")))
            .filter(path -> !durableNames.contains(path) || !isSynced(path))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** DuckDB writes past this seam; a file that grew since it was synced gives it away. */
    private boolean isSynced(Path path) {
      return java.nio.file.Files.isDirectory(path)
          || Long.valueOf(path.toFile().length()).equals(syncedBytes.get(path));
    }

    @Override
    public FileHandle create(Path file) throws IOException {
      return new Handle(file, Files.system().create(file));
    }

    @Override
    public FileHandle open(Path file) throws IOException {
      return Files.system().open(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
      return Files.system().list(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      Files.system().rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      Files.system().delete(file);
    }

    @Override
    public void sync(Path path) throws IOException {
      Files.system().sync(path);
      if (java.nio.file.Files.isDirectory(path)) {
        list(path).forEach(name -> durableNames.add(path.resolve(name)));
      } else {
        syncedBytes.put(path, java.nio.file.Files.size(path));
      }
    }

    private final class Handle implements FileHandle {
      private final Path file;
      private final FileHandle handle;

      Handle(Path file, FileHandle handle) {
        this.file = file;
        this.handle = handle;
      }

      @Override
      public void write(ByteBuffer bytes, long offset) throws IOException {
        syncedBytes.remove(file);
        handle.write(bytes, offset);
      }

      @Override
      public int read(ByteBuffer into, long offset) throws IOException {
        return handle.read(into, offset);
      }

      @Override
      public long size() throws IOException {
        return handle.size();
      }

      @Override
      public void truncate(long size) throws IOException {
        handle.truncate(size);
      }

      @Override
      public void sync() throws IOException {
        handle.sync();
        syncedBytes.put(file, handle.size());
      }

      @Override
      public void close() throws IOException {
        handle.close();
      }
    }
  }
}
