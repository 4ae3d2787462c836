package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import weir.log.files.DiskFull;
import weir.log.files.FileHandle;

/**
 * Appends write groups to the newest segment. Used by one thread at a time.
 *
 * <p>The file is filled with zeros ahead of the groups: to sync a write that neither grows the file
 * nor takes new blocks cost 0.3 ms on ext4, and 3 ms where it did, since the file system then
 * commits its journal too. Where no {@link SpareSegment} was at hand, it is filled here, in the
 * same sync as a group.
 */
final class SegmentWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;
  private static final long AHEAD = 4 << 20;
  private final FileHandle file;
  private final long base;
  private final long created;
  private final FrameCodec codec;
  private final ByteBuffer buffer;
  private final byte[] header = new byte[FrameCodec.HEADER];
  private long end;
  private long written;

  /** Up to here the file has its blocks. */
  private long filled;

  /**
   * @param filled up to where the file has its blocks; at least the end
   * @param buffer a buffer from {@link #newBuffer}, which this writer has for itself
   */
  SegmentWriter(FileHandle file, SegmentHeader header, long end, long filled, ByteBuffer buffer) {
    this.file = file;
    this.base = header.base();
    this.created = header.created();
    this.codec = new FrameCodec(header.salt());
    this.end = end;
    this.filled = filled;
    this.buffer = buffer;
  }

  static ByteBuffer newBuffer() {
    return ByteBuffer.allocateDirect(BUFFER);
  }

  long base() {
    return base;
  }

  /** When the segment was begun, in milliseconds. */
  long created() {
    return created;
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

  /** Whether the group that was written has outgrown what is filled. */
  boolean outgrewFilled() {
    return written > filled;
  }

  /** Fills the file some way ahead of the group that was written. */
  void fillAhead(long atMost) throws IOException {
    long to = written + Math.clamp(atMost, 0, AHEAD);
    try {
      Zeros.write(file, SegmentHeader.offset(base, written), SegmentHeader.offset(base, to));
      filled = to;
    } catch (IOException e) {
      if (!DiskFull.is(e)) {
        throw e;
      }
      file.truncate(SegmentHeader.offset(base, written));
      filled = written;
    }
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

  private void cutOff() throws IOException {
    file.truncate(SegmentHeader.offset(base, end));
    filled = end;
  }

  /** Cuts off, without a sync, what is filled ahead and what was written but not synced. */
  @Override
  public void close() throws IOException {
    try {
      cutOff();
    } finally {
      file.close();
    }
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
