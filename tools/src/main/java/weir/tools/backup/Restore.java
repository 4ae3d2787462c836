package weir.tools.backup;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import weir.lake.catalog.LakeCopy;
import weir.log.files.Publication;

/** Makes a data directory of a backup. */
public final class Restore {
  private final Path draft;
  private long files;
  private long bytes;

  private Restore(Path draft) {
    this.draft = draft;
  }

  /**
   * Makes a data directory of a backup; Weir may start on it afterwards.
   *
   * @param backup a folder or an archive
   * @param data a folder that is not there or empty, anywhere: paths are adapted
   * @throws IOException if it is not whole; nothing is left then
   */
  public static BackupInfo into(Path backup, Path data) throws IOException {
    if (!Files.exists(backup)) {
      throw new IOException("there is no backup " + backup);
    }
    Path root = data.toAbsolutePath().normalize();
    if (Files.exists(root)) {
      try (Stream<Path> entries = Files.list(root)) {
        if (entries.findAny().isPresent()) {
          throw new IOException(root + " is not empty: give a folder that is not there yet");
        }
      }
    }
    Path draft = root.resolveSibling(root.getFileName() + ".restoring");
    Holding.deleteTree(draft);
    Files.createDirectories(draft);
    BackupTarget.restrict(draft, "rwx------");
    try {
      return new Restore(draft).run(backup, root);
    } catch (IOException | RuntimeException e) {
      Holding.deleteTree(draft);
      throw e;
    }
  }

  private BackupInfo run(Path backup, Path root) throws IOException {
    if (BackupTarget.isArchive(backup)) {
      extract(backup);
    } else {
      copy(backup);
    }
    Path said = draft.resolve(BackupInfo.NAME);
    if (!Files.exists(said)) {
      throw new IOException(backup + " is not a whole backup: it has no " + BackupInfo.NAME);
    }
    BackupInfo info = BackupInfo.parse(Files.readAllBytes(said));
    long own = Files.size(said);
    if (files - 1 != info.files() || bytes - own != info.bytes()) {
      throw new IOException(
          "%s is damaged: it has %d files of %d bytes and should have %d of %d"
              .formatted(backup, files - 1, bytes - own, info.files(), info.bytes()));
    }
    Files.delete(said);
    Path lake = draft.resolve("lake");
    if (Files.exists(lake.resolve(LakeCopy.catalogName()))) {
      LakeCopy.relocate(lake, info.lake(), root.resolve("lake"));
    }
    syncAll();
    Files.deleteIfExists(root);
    Publication.finish(weir.log.files.Files.system(), draft, root);
    return info;
  }

  private void extract(Path archive) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new ZstdInputStream(new BufferedInputStream(Files.newInputStream(archive), 1 << 20)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          put(entry.getName(), tar);
        }
      }
    } catch (com.github.luben.zstd.ZstdIOException | java.io.EOFException e) {
      throw new IOException(archive + " is damaged or not a backup: " + e.getMessage(), e);
    }
  }

  private void copy(Path folder) throws IOException {
    List<Path> sources;
    try (Stream<Path> walk = Files.walk(folder)) {
      sources = walk.filter(Files::isRegularFile).toList();
    }
    for (Path source : sources) {
      try (InputStream content = Files.newInputStream(source)) {
        put(folder.relativize(source).toString(), content);
      }
    }
  }

  private void put(String name, InputStream content) throws IOException {
    Path file = draft.resolve(name).normalize();
    if (!file.startsWith(draft) || file.equals(draft)) {
      throw new IOException("the backup names a file outside of it: " + name);
    }
    Files.createDirectories(file.resolveSibling("."));
    bytes += Files.copy(content, file);
    files++;
    if (name.endsWith(".json") && !name.contains("/")) {
      BackupTarget.restrict(file, "rw-------");
    }
  }

  private void syncAll() throws IOException {
    try (Stream<Path> walk = Files.walk(draft)) {
      for (Path path : walk.toList()) {
        BackupTarget.sync(path);
      }
    }
  }
}
