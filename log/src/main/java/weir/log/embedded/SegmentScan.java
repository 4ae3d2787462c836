package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.log.files.FileHandle;

/**
 * Reads frames of one segment through a buffer. Never reads at or past the limit that it is given.
 * Used by one thread at a time; closing it closes the file.
 */
final class SegmentScan implements AutoCloseable {
  /** What is at a position. */
  enum Found {
    WHOLE,
    /** The header is good, the payload is not: the extent is known. */
    BROKEN_BODY,
    BROKEN_HEADER
  }

  private static final int BUFFER = 256 << 10;
  private final FileHandle file;
  private final long base;
  private final @Nullable FrameCodec codec;
  private final byte[] buffer = new byte[BUFFER];
  private long bufferFrom;
  private int buffered;
  private int length;
  private long back;
  private byte[] payload = buffer;
  private int payloadAt;

  private SegmentScan(FileHandle file, long base, @Nullable FrameCodec codec) {
    this.file = file;
    this.base = base;
    this.codec = codec;
  }

  static SegmentScan of(FileHandle file, SegmentHeader header) {
    return new SegmentScan(file, header.base(), new FrameCodec(header.salt()));
  }

  /** Opens a segment; if its header is lost, every frame in it is broken. */
  static SegmentScan open(LogDirectory directory, long base) throws IOException {
    FileHandle file = directory.files().open(directory.segment(base));
    try {
      FrameCodec codec =
          SegmentHeader.read(file, base).map(h -> new FrameCodec(h.salt())).orElse(null);
      return new SegmentScan(file, base, codec);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  long base() {
    return base;
  }

  /** Looks at the frame that should begin at a position and end at the limit or before. */
  Found read(long position, long limit) throws IOException {
    FrameCodec frames = codec;
    if (frames == null || fill(position, FrameCodec.HEADER, limit) < FrameCodec.HEADER) {
      return Found.BROKEN_HEADER;
    }
    int at = (int) (position - bufferFrom);
    if (!frames.isHeader(buffer, at, position, base)) {
      return Found.BROKEN_HEADER;
    }
    length = FrameCodec.length(buffer, at);
    back = FrameCodec.back(buffer, at);
    if (next(position) > limit) {
      return Found.BROKEN_BODY;
    }
    return length <= BUFFER - FrameCodec.HEADER
        ? readShort(frames, position, limit)
        : readLong(frames, position, at);
  }

  private Found readShort(FrameCodec frames, long position, long limit) throws IOException {
    int whole = FrameCodec.HEADER + length;
    if (fill(position, whole, limit) < whole) {
      return Found.BROKEN_BODY;
    }
    int at = (int) (position - bufferFrom);
    payload = buffer;
    payloadAt = at + FrameCodec.HEADER;
    return frames.isBody(buffer, at, payload, payloadAt, length) ? Found.WHOLE : Found.BROKEN_BODY;
  }

  private Found readLong(FrameCodec frames, long position, int at) throws IOException {
    byte[] bytes = bytes(position + FrameCodec.HEADER, next(position));
    payload = bytes;
    payloadAt = 0;
    return bytes.length == length && frames.isBody(buffer, at, bytes, 0, length)
        ? Found.WHOLE
        : Found.BROKEN_BODY;
  }

  /** The position after the frame whose header was read last. */
  long next(long position) {
    return position + FrameCodec.HEADER + length;
  }

  /** Where the write group of the frame that was read last begins. */
  long group(long position) {
    return position - back;
  }

  /** The payload of the frame that was read last, which was whole. */
  byte[] payload() {
    return payload == buffer ? Arrays.copyOfRange(buffer, payloadAt, payloadAt + length) : payload;
  }

  /** The first frame header after a position, or the limit. Linear in the bytes passed. */
  long search(long position, long limit) throws IOException {
    FrameCodec frames = codec;
    long at = position + 1;
    while (frames != null && fill(at, FrameCodec.HEADER, limit) >= FrameCodec.HEADER) {
      long last = bufferFrom + buffered - FrameCodec.HEADER;
      for (; at <= last; at++) {
        if (frames.isHeader(buffer, (int) (at - bufferFrom), at, base)) {
          return at;
        }
      }
    }
    return limit;
  }

  /** The bytes of a stretch, as many as there are. */
  byte[] bytes(long from, long to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
    int there = file.read(bytes, SegmentHeader.offset(base, from));
    return there == bytes.capacity() ? bytes.array() : Arrays.copyOf(bytes.array(), there);
  }

  /** Brings bytes into the buffer and says how many there are from a position on. */
  private int fill(long position, int wanted, long limit) throws IOException {
    long there = bufferFrom + buffered - position;
    if (position >= bufferFrom && there >= wanted) {
      return (int) Math.min(there, limit - position);
    }
    int room = (int) Math.min(BUFFER, limit - position);
    if (room <= 0) {
      return 0;
    }
    buffered = 0;
    buffered = file.read(ByteBuffer.wrap(buffer, 0, room), SegmentHeader.offset(base, position));
    bufferFrom = position;
    return buffered;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
