package weir.lake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/** The machine's files, of which a given operation, and maybe all after it, fails. */
public final class FaultyFiles implements Files {
  private final int failAt;
  private final boolean andAllAfter;
  private int operations;
  private final List<String> trace = new ArrayList<>();

  public FaultyFiles(int failAt, boolean andAllAfter) {
    this.failAt = failAt;
    this.andAllAfter = andAllAfter;
  }

  /** One that only records. */
  public static FaultyFiles recording() {
    return new FaultyFiles(Integer.MAX_VALUE, false);
  }

  public int operations() {
    return operations;
  }

  /** What was done, as {@code operation path}. */
  synchronized List<String> trace() {
    return List.copyOf(trace);
  }

  private synchronized void operation(String name, Path path) throws IOException {
    operations++;
    if (operations == failAt || (andAllAfter && operations > failAt)) {
      throw new IOException("fault at operation " + operations + ": " + name + " " + path);
    }
    trace.add(name + " " + path);
  }

  @Override
  public FileHandle create(Path file) throws IOException {
    operation("create", file);
    return new Handle(file, Files.system().create(file));
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    operation("open", file);
    return new Handle(file, Files.system().open(file));
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    operation("list", directory);
    return Files.system().list(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    operation("rename", from);
    Files.system().rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    operation("delete", file);
    Files.system().delete(file);
  }

  @Override
  public void sync(Path fileOrDirectory) throws IOException {
    operation("sync", fileOrDirectory);
    Files.system().sync(fileOrDirectory);
  }

  private final class Handle implements FileHandle {
    private final Path path;
    private final FileHandle handle;

    Handle(Path path, FileHandle handle) {
      this.path = path;
      this.handle = handle;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      operation("write", path);
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
      operation("truncate", path);
      handle.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      operation("sync", path);
      handle.sync();
    }

    @Override
    public void close() throws IOException {
      handle.close();
    }
  }
}
