package weir.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Appends write groups to the newest segment. Used by one thread at a time. */
final class SegmentWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;
  private final FileHandle file;
  private final long base;
  private final FrameCodec codec;
  private final ByteBuffer buffer;
  private final byte[] header = new byte[FrameCodec.HEADER];
  private long end;
  private long written;

  /**
   * @param buffer a buffer from {@link #newBuffer}, which this writer has for itself
   */
  SegmentWriter(FileHandle file, SegmentHeader header, long end, ByteBuffer buffer) {
    this.file = file;
    this.base = header.base();
    this.codec = new FrameCodec(header.salt());
    this.end = end;
    this.buffer = buffer;
  }

  static ByteBuffer newBuffer() {
    return ByteBuffer.allocateDirect(BUFFER);
  }

  long base() {
    return base;
  }

  /** Writes a group with as few writes as the buffer allows, without syncing it. */
  void write(List<byte[]> group) throws IOException {
    buffer.clear();
    written = end;
    long position = end;
    for (byte[] payload : group) {
      codec.encode(position, (int) (position - end), payload, header);
      put(header);
      put(payload);
      position += FrameCodec.HEADER + payload.length;
    }
    flush();
  }

  /** Makes the group that was written durable. */
  void sync() throws IOException {
    file.sync();
    end = written;
  }

  /** Takes back a group that was not synced, durably. */
  void takeBack() throws IOException {
    cutOff();
    file.sync();
  }

  /**
   * Takes back a group that was not synced, as far as a file goes that is not to be synced again.
   */
  void cutOff() throws IOException {
    file.truncate(SegmentHeader.offset(base, end));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void put(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int n = Math.min(buffer.remaining(), bytes.length - at);
      buffer.put(bytes, at, n);
      at += n;
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    int length = buffer.remaining();
    if (length > 0) {
      file.write(buffer, SegmentHeader.offset(base, written));
    }
    written += length;
    buffer.clear();
  }
}
