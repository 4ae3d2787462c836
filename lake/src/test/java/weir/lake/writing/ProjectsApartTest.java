package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.BaseTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.catalog.LakeCatalog;
import weir.lake.catalog.TableLayout;
import weir.lake.reading.LakeReader;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;

/** Who reads a project's tables waits for nobody else's. */
class ProjectsApartTest {
  private static final List<String> PROJECTS = List.of("shop", "blog");

  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private OpenLake open() throws IOException {
    OpenLake open =
        new OpenLake(
            temp.resolve("lake"),
            weir.log.files.Files.system(),
            ManualClock.atSystemTime(),
            OpenLake.UPKEEP);
    for (String project : PROJECTS) {
      IcebergTable table = open.lake.table(project, TableLayout.EVENTS);
      RowWriter writer = table.newWriter();
      writer.add(Samples.event(project, 1));
      table.commit(writer.write(), Positions.START, Positions.of(new Position(1)));
    }
    return open;
  }

  /** A shell that was left open in a transaction, say. */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void whatIsKnownIsReadWhileTheCatalogIsLocked() throws Exception {
    Path dir = temp.resolve("lake");
    try (OpenLake open = open();
        LakeReader reader = LakeReader.open(dir, InstantSource.system())) {
      assertThat(open.lake).isNotNull();
      Files.setLastModifiedTime(
          LakeCatalog.database(dir), FileTime.from(Instant.now().minusSeconds(60)));
      for (String project : PROJECTS) {
        assertThat(reader.snapshot(project).events().rows()).isEqualTo(1);
      }
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + LakeCatalog.database(dir));
          Statement statement = other.createStatement()) {
        statement.execute("begin exclusive");
        for (String project : PROJECTS) {
          assertThat(reader.snapshot(project).events().rows()).isEqualTo(1);
        }
        statement.execute("rollback");
      }
      IcebergTable table = open.lake.table("shop", TableLayout.EVENTS);
      RowWriter writer = table.newWriter();
      writer.add(Samples.event("shop", 2));
      table.commit(writer.write(), Positions.of(new Position(1)), Positions.of(new Position(2)));
      assertThat(reader.snapshot("shop").events().rows()).as("after a commit").isEqualTo(2);
    }
  }

  /** A file that does not answer, as on a disk that hangs. */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aProjectThatCannotBeReadKeepsNoOtherWaiting() throws Exception {
    try (OpenLake open = open();
        LakeReader reader = LakeReader.open(temp.resolve("lake"))) {
      IcebergTable table = open.lake.table("shop", TableLayout.EVENTS);
      Path metadata =
          Path.of(((BaseTable) table.table()).operations().current().metadataFileLocation());
      Path kept = Files.copy(metadata, temp.resolve("kept"));
      Files.delete(metadata);
      assertThat(new ProcessBuilder("mkfifo", metadata.toString()).start().waitFor()).isZero();
      CompletableFuture<Long> stuck = new CompletableFuture<>();
      Thread.ofPlatform()
          .name("stuck")
          .start(() -> {
            try {
              stuck.complete(reader.snapshot("shop").events().rows());
            } catch (IOException | RuntimeException e) {
              stuck.completeExceptionally(e);
            }
          });
      try (FileChannel hangs = FileChannel.open(metadata, StandardOpenOption.WRITE)) {
        assertThat(hangs.isOpen()).as("it reads, and nothing comes").isTrue();
        assertThat(reader.snapshot("blog").events().rows()).isEqualTo(1);
        assertThat(stuck).isNotDone();
        Files.move(kept, metadata, StandardCopyOption.REPLACE_EXISTING);
      }
      assertThat(stuck.get(1, TimeUnit.MINUTES)).isEqualTo(1);
    }
  }
}
