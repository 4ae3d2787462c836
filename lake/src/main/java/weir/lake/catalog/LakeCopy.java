package weir.lake.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.RewriteTablePathUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import weir.log.files.Files;

/**
 * Copies of a lake: which files one needs, and how one becomes a lake in another folder. Iceberg
 * writes absolute paths into its metadata, so these are written anew there.
 *
 * <p>A copy holds the current snapshot of each table, and what a branch or tag names; older ones
 * are left out.
 */
public final class LakeCopy {
  private static final String CATALOG = "catalog.db";

  private LakeCopy() {}

  /** The name of the catalog's database in a lake's folder; the only file that ever changes. */
  public static String catalogName() {
    return CATALOG;
  }

  /**
   * The files that the tables need, besides the catalog.
   *
   * @param dir the lake's folder
   * @param catalog a copy of its catalog
   * @return absolute paths below {@code dir}
   * @throws IOException also where one of them went meanwhile: a newer copy of the catalog will do
   */
  public static Set<Path> files(Path dir, Path catalog) throws IOException {
    Path root = dir.toAbsolutePath().normalize();
    FileIO io = new MappedIO(root.toString(), root.toString(), root);
    Set<Path> files = new HashSet<>();
    try {
      for (String location : locations(catalog)) {
        files.add(Path.of(location));
        TableMetadata metadata = TableMetadataParser.read(io, location);
        for (Snapshot snapshot : kept(metadata)) {
          files.add(Path.of(snapshot.manifestListLocation()));
          for (ManifestFile manifest : snapshot.allManifests(io)) {
            files.add(Path.of(manifest.path()));
            addData(files, metadata, manifest, io);
          }
        }
      }
    } catch (RuntimeException e) {
      throw new IOException("the lake in " + dir + " cannot be read: " + e.getMessage(), e);
    }
    for (Path file : files) {
      if (!file.normalize().startsWith(root)) {
        throw new IOException(file + " belongs to the lake, but is not in its folder");
      }
    }
    return files;
  }

  private static void addData(
      Set<Path> files, TableMetadata metadata, ManifestFile manifest, FileIO io)
      throws IOException {
    if (manifest.content() != ManifestContent.DATA) {
      throw new IOException(
          "the table in " + metadata.location() + " has delete files, which cannot be copied");
    }
    try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, metadata.specsById())) {
      reader.forEach(file -> files.add(Path.of(file.location())));
    }
  }

  private static List<Snapshot> kept(TableMetadata metadata) {
    Set<Long> named = new HashSet<>();
    metadata.refs().values().stream().map(SnapshotRef::snapshotId).forEach(named::add);
    if (metadata.currentSnapshot() != null) {
      named.add(metadata.currentSnapshot().snapshotId());
    }
    return metadata.snapshots().stream().filter(s -> named.contains(s.snapshotId())).toList();
  }

  private static List<String> locations(Path catalog) throws IOException {
    List<String> locations = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select metadata_location from iceberg_tables")) {
      while (rows.next()) {
        locations.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + catalog, e);
    }
    return locations;
  }

  /**
   * Makes a copy name the files of the folder that it is to have, and forget what it does not hold.
   *
   * @param dir where the copy is now
   * @param from the folder of the lake that it was made of, as that lake's metadata names it
   * @param to the folder that the copy is to have in the end
   */
  public static void relocate(Path dir, Path from, Path to) throws IOException {
    Path catalog = dir.resolve(CATALOG);
    Path now = dir.toAbsolutePath().normalize();
    MappedIO io = new MappedIO(from.toString(), now.toString(), now);
    try {
      for (String location : locations(catalog)) {
        relocate(io, location, from.toString(), to.toString());
      }
    } catch (RuntimeException e) {
      throw new IOException("the lake in " + dir + " cannot be made one of " + to, e);
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + catalog)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("update iceberg_tables set previous_metadata_location = null");
      }
      replace(connection, "iceberg_tables", "metadata_location", from, to);
      replace(connection, "iceberg_namespace_properties", "property_value", from, to);
      connection.commit();
    } catch (SQLException e) {
      throw new IOException("cannot change " + catalog, e);
    }
  }

  private static void replace(
      Connection connection, String table, String column, Path from, Path to) throws SQLException {
    String sql =
        "update %1$s set %2$s = ? || substr(%2$s, ?) where substr(%2$s, 1, ?) = ?"
            .formatted(table, column);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int length = from.toString().codePointCount(0, from.toString().length());
      statement.setString(1, to + "/");
      statement.setInt(2, length + 2);
      statement.setInt(3, length + 1);
      statement.setString(4, from + "/");
      statement.executeUpdate();
    }
  }

  private static void relocate(MappedIO io, String location, String from, String to)
      throws IOException {
    TableMetadata metadata = TableMetadataParser.read(io, location);
    List<Snapshot> kept = kept(metadata);
    Map<String, Long> manifests = new HashMap<>();
    for (Snapshot snapshot : kept) {
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        if (!manifests.containsKey(manifest.path())) {
          manifests.put(manifest.path(), rewritten(io, metadata, manifest, from, to));
        }
      }
    }
    for (Snapshot snapshot : kept) {
      Path list = io.path(snapshot.manifestListLocation());
      Path draft = draft(list);
      RewriteTablePathUtil.rewriteManifestList(
          snapshot, io, metadata, manifests, from, to, from, draft.toString());
      if (java.nio.file.Files.size(draft) == 0) {
        throw new IOException(list + " could not be read");
      }
      java.nio.file.Files.move(draft, list, StandardCopyOption.REPLACE_EXISTING);
    }
    for (String path : manifests.keySet()) {
      Path manifest = io.path(path);
      java.nio.file.Files.move(draft(manifest), manifest, StandardCopyOption.REPLACE_EXISTING);
    }
    write(io.path(location), metadata, kept, from, to);
  }

  private static long rewritten(
      MappedIO io, TableMetadata metadata, ManifestFile manifest, String from, String to)
      throws IOException {
    Path draft = draft(io.path(manifest.path()));
    RewriteTablePathUtil.rewriteDataManifest(
        manifest,
        Set.of(),
        io.newOutputFile(draft.toString()),
        io,
        metadata.formatVersion(),
        metadata.specsById(),
        from,
        to);
    return java.nio.file.Files.size(draft);
  }

  private static Path draft(Path file) {
    return file.resolveSibling("draft-" + file.getFileName()); // the ending tells the format
  }

  private static void write(
      Path file, TableMetadata metadata, List<Snapshot> kept, String from, String to)
      throws IOException {
    Set<Long> gone = new HashSet<>();
    metadata.snapshots().forEach(snapshot -> gone.add(snapshot.snapshotId()));
    kept.forEach(snapshot -> gone.remove(snapshot.snapshotId()));
    TableMetadata fewer =
        TableMetadata.buildFrom(RewriteTablePathUtil.replacePaths(metadata, from, to))
            .removeSnapshots(gone)
            .discardChanges()
            .build();
    java.nio.file.Files.write(
        file, TableMetadataParser.toJson(fewer).getBytes(StandardCharsets.UTF_8));
  }

  /** Reads what is said to be in one folder from another. */
  private static final class MappedIO implements FileIO {
    private static final long serialVersionUID = 1L;

    private final String from;
    private final String to;
    private final transient SyncedFileIO io;

    MappedIO(String from, String to, Path dir) throws IOException {
      this.from = from;
      this.to = to;
      Files files = Files.system();
      this.io = new SyncedFileIO(files, new SyncedFolders(files, dir));
    }

    Path path(String location) {
      return Path.of(
          location.startsWith(from + "/") ? to + location.substring(from.length()) : location);
    }

    @Override
    public InputFile newInputFile(String location) {
      return io.newInputFile(path(location).toString());
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return io.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      throw new UncheckedIOException(new IOException("nothing is deleted here: " + location));
    }
  }
}
