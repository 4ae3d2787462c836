package weir.log.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The files of the machine for a process that may not write them. */
final class ReadOnlyFiles implements Files {
  static final ReadOnlyFiles INSTANCE = new ReadOnlyFiles();

  private ReadOnlyFiles() {}

  @Override
  public FileHandle open(Path file) throws IOException {
    return new SystemFiles.ChannelHandle(FileChannel.open(file, StandardOpenOption.READ));
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return SystemFiles.INSTANCE.list(directory);
  }

  @Override
  public FileHandle create(Path file) {
    throw refused();
  }

  @Override
  public void rename(Path from, Path to) {
    throw refused();
  }

  @Override
  public void delete(Path file) {
    throw refused();
  }

  @Override
  public void sync(Path fileOrDirectory) {
    throw refused();
  }

  private static UnsupportedOperationException refused() {
    return new UnsupportedOperationException("these files are for reading");
  }
}
