package weir.log.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Reads and writes are at given offsets; safe for one writer and several readers. */
public interface FileHandle extends AutoCloseable {
  /** Writes all of the buffer. */
  void write(ByteBuffer bytes, long offset) throws IOException;

  /**
   * Reads into the buffer, as much as there is.
   *
   * @return how many bytes were read; fewer than fit only at the file's end
   */
  int read(ByteBuffer into, long offset) throws IOException;

  long size() throws IOException;

  void truncate(long size) throws IOException;

  /** Makes the file's bytes and size durable. A failure is never to be retried. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
