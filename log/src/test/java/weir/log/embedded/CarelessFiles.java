package weir.log.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import weir.log.files.FileHandle;
import weir.log.files.FileLocks;
import weir.log.files.Files;

/** Files that do not know their free space, and whose syncs may be mere promises. */
record CarelessFiles(Files files, boolean skipFiles, boolean skipDirectories)
    implements Files, FileLocks {
  @Override
  public FileHandle create(Path file) throws IOException {
    return new CarelessHandle(files.create(file), skipFiles);
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    return new CarelessHandle(files.open(file), skipFiles);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    files.delete(file);
  }

  @Override
  public void sync(Path fileOrDirectory) throws IOException {
    if (!skipDirectories) {
      files.sync(fileOrDirectory);
    }
  }

  @Override
  public Optional<Closeable> tryLock(Path file) throws IOException {
    return ((FileLocks) files).tryLock(file);
  }

  private record CarelessHandle(FileHandle handle, boolean skip) implements FileHandle {
    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
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
      if (!skip) {
        handle.sync();
      }
    }

    @Override
    public void close() throws IOException {
      handle.close();
    }
  }
}
