package weir.log.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class SystemFiles implements Files, FileLocks, FreeSpace {
  private static final FileAttribute<?>[] EVERYBODYS = {};
  static final SystemFiles INSTANCE = new SystemFiles(false);
  static final SystemFiles OWNER_ONLY = new SystemFiles(true);

  /**
   * The locks that this process holds. On Linux closing any channel of a file gives back all the
   * locks that the process has on it, so a locked file is not even opened again.
   */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  private final boolean ownerOnly;

  private SystemFiles(boolean ownerOnly) {
    this.ownerOnly = ownerOnly;
  }

  @Override
  public FileHandle create(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      java.nio.file.Files.createDirectories(parent);
    }
    return new ChannelHandle(
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownerOnly ? ownersAlone(file) : EVERYBODYS));
  }

  private static FileAttribute<?>[] ownersAlone(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : EVERYBODYS;
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    return new ChannelHandle(
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    try (Stream<Path> paths = java.nio.file.Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    java.nio.file.Files.move(
        from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path file) throws IOException {
    java.nio.file.Files.deleteIfExists(file);
  }

  @Override
  public void sync(Path fileOrDirectory) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Optional<Closeable> tryLock(Path file) throws IOException {
    Path parent = file.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      throw new IOException("cannot lock " + file);
    }
    java.nio.file.Files.createDirectories(parent);
    Path key = parent.toRealPath().resolve(file.getFileName());
    if (!LOCKED.add(key)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean done = false;
    try {
      channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      done = channel.tryLock() != null;
    } finally {
      if (!done) {
        unlock(key, channel);
      }
    }
    FileChannel holding = channel;
    return done ? Optional.of(() -> unlock(key, holding)) : Optional.empty();
  }

  private void unlock(Path key, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      LOCKED.remove(key);
    }
  }

  @Override
  public long usableBytes(Path directory) {
    return directory.toFile().getUsableSpace();
  }

  record ChannelHandle(FileChannel channel) implements FileHandle {
    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      int total = 0;
      while (into.hasRemaining()) {
        int n = channel.read(into, offset + total);
        if (n < 0) {
          break;
        }
        total += n;
      }
      return total;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
