package weir.lake.upkeep;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.sidecar.Sidecar;
import weir.lake.sidecar.SidecarMaker;
import weir.lake.table.TableFiles;
import weir.log.files.Files;

/**
 * Removes files that a crash, or a commit that came to nothing, left in a table's folder.
 *
 * <p>A file stays if it is younger than a bound, if its commit is not decided yet, or if any
 * snapshot or metadata that the table still has refers to it. The folder is listed first and the
 * table read afterwards: so what was committed meanwhile is seen. Files are told apart by name, not
 * by path, since all names hold a random id: so no other spelling of a path can hide a reference.
 */
public final class OrphanFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanFiles.class);

  private final Files files;
  private final TableFiles tableFiles;

  public OrphanFiles(Files files, TableFiles tableFiles) {
    this.files = files;
    this.tableFiles = tableFiles;
  }

  /**
   * Removes the orphans of a table.
   *
   * @param before files that were written at this time or later stay
   * @return how many were removed
   * @throws IOException if the table cannot be read; then nothing is removed
   */
  public int remove(Table table, Instant before) throws IOException {
    List<Path> candidates = olderFiles(Path.of(table.location()), before);
    if (candidates.isEmpty()) {
      return 0;
    }
    Set<String> referenced = referenced(table);
    int removed = 0;
    for (Path file : candidates) {
      String owner = Sidecar.parquetOf(SidecarMaker.withoutDraft(name(file.toString())));
      if (!referenced.contains(owner) && !tableFiles.isInProgress(file)) {
        files.delete(file);
        LOG.info("{} belonged to no table and was removed", file);
        removed++;
      }
    }
    return removed;
  }

  private static List<Path> olderFiles(Path folder, Instant before) throws IOException {
    List<Path> older = new ArrayList<>();
    java.nio.file.Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()
                && attributes.lastModifiedTime().toInstant().isBefore(before)) {
              older.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException vanished) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why) {
            return FileVisitResult.CONTINUE;
          }
        });
    return older;
  }

  /** The names of all files that a table refers to. */
  private static Set<String> referenced(Table table) throws IOException {
    Set<String> names = new HashSet<>();
    try {
      table.refresh();
      TableMetadata metadata = ((BaseTable) table).operations().current();
      names.add(name(metadata.metadataFileLocation()));
      metadata.previousFiles().forEach(previous -> names.add(name(previous.file())));
      metadata.statisticsFiles().forEach(statistics -> names.add(name(statistics.path())));
      metadata.partitionStatisticsFiles().forEach(file -> names.add(name(file.path())));
      for (Snapshot snapshot : metadata.snapshots()) {
        names.add(name(snapshot.manifestListLocation()));
        for (ManifestFile manifest : snapshot.allManifests(table.io())) {
          if (names.add(name(manifest.path()))) {
            addFiles(table, manifest, names);
          }
        }
      }
      return names;
    } catch (RuntimeException e) {
      throw new IOException("cannot read what " + table.name() + " refers to", e);
    }
  }

  private static void addFiles(Table table, ManifestFile manifest, Set<String> names)
      throws IOException {
    boolean deletes = manifest.content() == ManifestContent.DELETES;
    List<String> path = List.of("file_path", "file_format", "partition");
    try (ManifestReader<? extends ContentFile<?>> reader =
        deletes
            ? ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())
            : ManifestFiles.read(manifest, table.io(), table.specs()).select(path)) {
      for (ContentFile<?> file : reader) {
        names.add(name(file.location()));
      }
    }
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
