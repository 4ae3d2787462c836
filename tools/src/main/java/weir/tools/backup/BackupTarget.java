package weir.tools.backup;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import weir.log.files.Publication;

/** Where a backup goes: a folder, or an archive where the name ends in .tar.zst. */
abstract sealed class BackupTarget implements AutoCloseable {
  private static final String ARCHIVE = ".tar.zst";

  /**
   * @throws IOException if there is something already
   */
  static BackupTarget create(Path path) throws IOException {
    return path.toString().endsWith(ARCHIVE) ? new Archive(path) : new Folder(path);
  }

  static boolean isArchive(Path path) {
    return Files.isRegularFile(path);
  }

  abstract void add(String name, InputStream content, long bytes) throws IOException;

  /** Makes it durable and gives it its name. */
  abstract void finish() throws IOException;

  /** Leaves nothing behind if it is not finished. */
  @Override
  public abstract void close() throws IOException;

  private static void copy(InputStream from, OutputStream to, long bytes, String name)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = bytes;
    while (left > 0) {
      int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException(name + " is shorter than it was");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
  }

  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static void restrict(Path path, String mode) throws IOException {
    if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }

  private static final class Folder extends BackupTarget {
    private final Path folder;
    private boolean finished;

    Folder(Path folder) throws IOException {
      this.folder = folder;
      if (Files.exists(folder)) {
        try (Stream<Path> entries = Files.list(folder)) {
          if (entries.findAny().isPresent()) {
            throw new IOException(folder + " is not empty: give a new folder for each backup");
          }
        }
      }
      Files.createDirectories(folder);
      restrict(folder, "rwx------");
    }

    @Override
    void add(String name, InputStream content, long bytes) throws IOException {
      Path file = folder.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
        copy(content, out, bytes, name);
      }
      sync(file);
    }

    @Override
    void finish() throws IOException {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path path : walk.filter(Files::isDirectory).toList()) {
          sync(path);
        }
      }
      finished = true;
    }

    @Override
    public void close() throws IOException {
      if (!finished) {
        Holding.deleteTree(folder);
      }
    }
  }

  private static final class Archive extends BackupTarget {
    private final Path file;
    private final Path draft;
    private final TarArchiveOutputStream tar;

    Archive(Path file) throws IOException {
      this.file = file.toAbsolutePath();
      this.draft = this.file.resolveSibling(file.getFileName() + ".part");
      if (Files.exists(file)) {
        throw new IOException(file + " exists already: give a new name for each backup");
      }
      Files.createDirectories(this.file.resolveSibling("."));
      OutputStream out = Files.newOutputStream(draft);
      restrict(draft, "rw-------");
      this.tar =
          new TarArchiveOutputStream(
              new ZstdOutputStream(new BufferedOutputStream(out, 1 << 20)).setChecksum(true),
              "UTF-8");
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    @Override
    void add(String name, InputStream content, long bytes) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(bytes);
      entry.setMode(0600);
      tar.putArchiveEntry(entry);
      copy(content, tar, bytes, name);
      tar.closeArchiveEntry();
    }

    @Override
    void finish() throws IOException {
      tar.finish();
      tar.close();
      Publication.finish(weir.log.files.Files.system(), draft, file);
    }

    @Override
    public void close() throws IOException {
      if (Files.exists(draft)) {
        try {
          tar.close();
        } finally {
          Files.deleteIfExists(draft);
        }
      }
    }
  }
}
