package weir.lake.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.StoredColumn;
import weir.lake.StoredTable;
import weir.lake.catalog.StoredTypes;
import weir.lake.catalog.TableState;

/** A project's stored tables as one query finds them: each is read once. */
final class StoredReading implements LakeSnapshot.Stored {
  private final LakeReader reader;
  private final String project;
  private final Map<String, Optional<StoredTable>> found = new HashMap<>();
  private @Nullable Set<String> names;

  StoredReading(LakeReader reader, String project) {
    this.reader = reader;
    this.project = project;
  }

  @Override
  public synchronized Set<String> names() throws IOException {
    Set<String> known = names;
    if (known == null) {
      known = Set.copyOf(reader.storedNames(project));
      names = known;
    }
    return known;
  }

  @Override
  public synchronized Optional<StoredTable> find(String name) throws IOException {
    if (!names().contains(name)) {
      return Optional.empty();
    }
    Optional<StoredTable> known = found.get(name);
    if (known == null) {
      known = reader.stored(project, name);
      found.put(name, known);
    }
    return known;
  }

  @Override
  public List<StoredTable> all() throws IOException {
    List<StoredTable> all = new ArrayList<>();
    for (String name : names().stream().sorted().toList()) {
      find(name).ifPresent(all::add);
    }
    return all;
  }

  /** A table as one of its snapshots has it. */
  static StoredTable read(Table table, Snapshot snapshot, FileIO io) throws IOException {
    if (!snapshot.deleteManifests(io).isEmpty()) {
      throw new IOException(table.name() + " has delete files, which are none of ours");
    }
    List<LakeFile> files = new ArrayList<>();
    for (ManifestFile manifest : snapshot.dataManifests(io)) {
      try (ManifestReader<DataFile> entries = ManifestFiles.read(manifest, io, table.specs())) {
        entries.forEach(file ->
            files.add(
                new LakeFile(
                    Path.of(file.location()),
                    file.recordCount(),
                    file.fileSizeInBytes(),
                    LocalDate.EPOCH)));
      }
    }
    Schema schema = table.schemas().getOrDefault(snapshot.schemaId(), table.schema());
    List<StoredColumn> columns =
        schema.columns().stream()
            .map(field ->
                new StoredColumn(field.name(), StoredTypes.duckDb(field.type()), field.fieldId()))
            .toList();
    String name = table.name().substring(table.name().lastIndexOf('.') + 1);
    return new StoredTable(name, TableState.committedAt(snapshot), columns, files);
  }
}
