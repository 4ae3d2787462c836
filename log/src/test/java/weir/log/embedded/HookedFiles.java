package weir.log.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import weir.log.files.FileHandle;
import weir.log.files.FileLocks;
import weir.log.files.Files;
import weir.log.files.MemoryFiles;

/** Files in memory whose creations can fail, or be followed by something else. */
final class HookedFiles implements Files, FileLocks {
  private final MemoryFiles files;
  private Hook before = file -> {};
  private Hook after = file -> {};

  interface Hook {
    void at(Path file) throws IOException;
  }

  HookedFiles(MemoryFiles files) {
    this.files = files;
  }

  void beforeCreate(Hook hook) {
    before = hook;
  }

  void afterCreate(Hook hook) {
    after = hook;
  }

  @Override
  public FileHandle create(Path file) throws IOException {
    before.at(file);
    FileHandle created = files.create(file);
    after.at(file);
    return created;
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    return files.open(file);
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
    files.sync(fileOrDirectory);
  }

  @Override
  public Optional<Closeable> tryLock(Path file) throws IOException {
    return files.tryLock(file);
  }
}
