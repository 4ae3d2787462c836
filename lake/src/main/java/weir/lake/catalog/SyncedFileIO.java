package weir.lake.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/**
 * Files of the disk as Iceberg sees them. An output stream that was closed without an error has
 * made its file and the file's name durable, so whatever refers to the file afterwards may.
 */
public final class SyncedFileIO implements FileIO {
  private static final long serialVersionUID = 1L;
  private static final int BUFFER = 1 << 16;

  private final transient Files files;
  private final transient SyncedFolders folders;

  public SyncedFileIO(Files files, SyncedFolders folders) {
    this.files = files;
    this.folders = folders;
  }

  @Override
  public InputFile newInputFile(String location) {
    return new Input(Path.of(location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new Output(Path.of(location));
  }

  @Override
  public void deleteFile(String location) {
    try {
      files.delete(Path.of(location));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + location, e);
    }
  }

  private final class Output implements OutputFile {
    private final Path path;

    Output(Path path) {
      this.path = path;
    }

    @Override
    public PositionOutputStream create() {
      try {
        return new Out(path, files.create(path));
      } catch (FileAlreadyExistsException e) {
        throw new AlreadyExistsException(e, "there is a file %s already", path);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot create " + path, e);
      }
    }

    /** All names that Iceberg writes hold a random id; there is nothing to overwrite. */
    @Override
    public PositionOutputStream createOrOverwrite() {
      return create();
    }

    @Override
    public String location() {
      return path.toString();
    }

    @Override
    public InputFile toInputFile() {
      return new Input(path);
    }
  }

  private final class Out extends PositionOutputStream {
    private final Path path;
    private final FileHandle handle;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private long written;
    private boolean failed;
    private boolean closed;

    Out(Path path, FileHandle handle) {
      this.path = path;
      this.handle = handle;
    }

    @Override
    public long getPos() {
      return written + buffer.position();
    }

    @Override
    public void write(int b) throws IOException {
      if (!buffer.hasRemaining()) {
        drain();
      }
      buffer.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (!buffer.hasRemaining()) {
          drain();
        }
        int n = Math.min(buffer.remaining(), length - done);
        buffer.put(bytes, offset + done, n);
        done += n;
      }
    }

    private void drain() throws IOException {
      buffer.flip();
      int n = buffer.remaining();
      try {
        handle.write(buffer, written);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
      written += n;
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (handle) {
        if (failed) {
          throw new IOException(path + " was not written completely");
        }
        drain();
        handle.sync();
      }
      folders.sync(List.of(path));
    }
  }

  private static final class Input implements InputFile {
    private final Path path;

    Input(Path path) {
      this.path = path;
    }

    @Override
    public long getLength() {
      try {
        return java.nio.file.Files.size(path);
      } catch (NoSuchFileException e) {
        throw new NotFoundException(e, "there is no file %s", path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public SeekableInputStream newStream() {
      try {
        return new In(java.nio.file.Files.newByteChannel(path));
      } catch (NoSuchFileException e) {
        throw new NotFoundException(e, "there is no file %s", path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String location() {
      return path.toString();
    }

    @Override
    public boolean exists() {
      return java.nio.file.Files.exists(path);
    }
  }

  private static final class In extends SeekableInputStream {
    private final SeekableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).flip();

    In(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position() - buffer.remaining();
    }

    @Override
    public void seek(long position) throws IOException {
      channel.position(position);
      buffer.clear().flip();
    }

    @Override
    public int read() throws IOException {
      return fill() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int n = Math.min(length, buffer.remaining());
      buffer.get(bytes, offset, n);
      return n;
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      buffer.clear();
      int n = channel.read(buffer);
      buffer.flip();
      return n > 0;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
