package weir.lake.stored;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.types.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.StoredColumn;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.catalog.StoredMark;
import weir.lake.catalog.StoredTypes;
import weir.lake.catalog.SyncedFolders;
import weir.lake.catalog.TableState;
import weir.log.files.Files;

/** Makes tables of converted files: each whole, in one commit of the catalog. */
final class StoredCommits {
  private static final Logger LOG = LoggerFactory.getLogger(StoredCommits.class);

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry(StoredMark.PROPERTY, "true"),
          Map.entry("format-version", "2"),
          Map.entry("write.metadata.delete-after-commit.enabled", "true"),
          Map.entry("write.metadata.previous-versions-max", "20"),
          Map.entry("write.parquet.compression-codec", "zstd"),
          Map.entry("write.metadata.metrics.default", "none"));

  private final Path warehouse;
  private final Catalog catalog;
  private final Files files;
  private final SyncedFolders folders;
  private final InstantSource clock;

  StoredCommits(
      Path warehouse, Catalog catalog, Files files, SyncedFolders folders, InstantSource clock) {
    this.warehouse = warehouse;
    this.catalog = catalog;
    this.files = files;
    this.folders = folders;
    this.clock = clock;
  }

  /** The ids that a table's columns have; none if there is no such table. */
  TableConversion.FieldIds fieldIds(TableIdentifier identifier) throws IOException {
    try {
      TableMetadata metadata =
          ((HasTableOperations) catalog.loadTable(identifier)).operations().current();
      Map<String, Integer> known = new HashMap<>();
      metadata.schema().columns().forEach(column -> known.put(column.name(), column.fieldId()));
      return new TableConversion.FieldIds(known, metadata.lastColumnId());
    } catch (NoSuchTableException e) {
      return TableConversion.FieldIds.NONE;
    } catch (RuntimeException e) {
      throw new IOException("cannot read " + identifier, e);
    }
  }

  /**
   * Makes all of a table what was converted, in one commit. Only one thread at a time may do so.
   *
   * @param output becomes the table's file
   * @throws OutcomeUnknownException if nobody knows whether the table is stored
   * @throws IOException if it is certain that nothing has changed
   */
  void store(TableIdentifier identifier, TableConversion.Converted converted, Path output)
      throws IOException {
    Schema schema = schema(converted.columns());
    Transaction change = begin(identifier, schema);
    Table table = change.table();
    if (!table.schema().sameSchema(schema)) {
      throw new IOException("the catalog gives other ids to the columns of " + identifier);
    }
    Path file = newFile(table);
    try {
      AppendFiles append = change.newAppend();
      if (converted.rows() > 0) {
        java.nio.file.Files.createDirectories(file.getParent());
        files.rename(output, file);
        files.sync(file);
        folders.sync(List.of(file));
        append.appendFile(
            DataFiles.builder(table.spec())
                .withPath(file.toString())
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(converted.bytes())
                .withMetrics(new Metrics(converted.rows(), null, null, null, null))
                .build());
      }
      TableState.mark(append, file.getFileName().toString(), clock.instant());
      append.commit();
    } catch (IOException | RuntimeException e) {
      remove(file);
      throw e;
    }
    commit(change, identifier, file);
  }

  private static Schema schema(List<StoredColumn> columns) {
    return new Schema(
        columns.stream()
            .map(column ->
                Types.NestedField.optional(
                    column.fieldId(), column.name(), StoredTypes.iceberg(column.type())))
            .toList());
  }

  private Transaction begin(TableIdentifier identifier, Schema schema) throws IOException {
    try {
      Catalog.TableBuilder builder =
          catalog
              .buildTable(identifier, schema)
              .withPartitionSpec(PartitionSpec.unpartitioned())
              .withProperties(PROPERTIES);
      if (!catalog.tableExists(identifier)) {
        // of its own: a folder that a table of this name had before may still be read
        String folder = identifier.name() + "-" + UUID.randomUUID();
        builder.withLocation(
            warehouse.resolve(identifier.namespace().toString()).resolve(folder).toString());
      }
      return builder.createOrReplaceTransaction();
    } catch (RuntimeException e) {
      throw new IOException("cannot begin to store " + identifier, e);
    }
  }

  private static Path newFile(Table table) {
    return Path.of(table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet"));
  }

  private void commit(Transaction change, TableIdentifier identifier, Path file)
      throws IOException {
    try {
      change.commitTransaction();
    } catch (RuntimeException e) {
      LOG.info("storing {} did not succeed", identifier, e);
      String id = file.getFileName().toString();
      if (!OutcomeUnknownException.read(identifier.toString(), () -> has(identifier, id))) {
        remove(file);
        throw new IOException("cannot store " + identifier, e);
      }
    }
  }

  private boolean has(TableIdentifier identifier, String commit) {
    try {
      return TableState.has(catalog.loadTable(identifier), commit);
    } catch (NoSuchTableException e) {
      return false;
    }
  }

  private void remove(Path useless) {
    try {
      files.delete(useless);
    } catch (IOException e) {
      LOG.warn("{} belongs to no table and stays until it is collected", useless, e);
    }
  }
}
