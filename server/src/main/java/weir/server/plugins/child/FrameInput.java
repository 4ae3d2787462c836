package weir.server.plugins.child;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** One frame as it is read: a kind, and values. */
public final class FrameInput {
  private final byte kind;
  private final DataInputStream data;

  private FrameInput(byte kind, byte[] content) {
    this.kind = kind;
    this.data = new DataInputStream(new ByteArrayInputStream(content));
  }

  /**
   * Waits for the next frame.
   *
   * @throws IOException at the end, and if what comes is no frame or longer than this
   */
  public static FrameInput read(InputStream in, long longest) throws IOException {
    DataInputStream data = new DataInputStream(in);
    if (data.readInt() != FrameOutput.MAGIC) {
      throw new IOException("something else has written to the pipe");
    }
    byte kind = data.readByte();
    int length = data.readInt();
    if (length < 0 || length > longest) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte[] content = new byte[length];
    data.readFully(content);
    return new FrameInput(kind, content);
  }

  public byte kind() {
    return kind;
  }

  /** Bytes that are not read yet. */
  public int left() throws IOException {
    return data.available();
  }

  /** One byte, unsigned. */
  public int small() throws IOException {
    return data.readUnsignedByte();
  }

  /** A count; what it counts takes at least a byte each. */
  public int count() throws IOException {
    int count = data.readInt();
    if (count < 0 || count > data.available()) {
      throw new IOException("a count of " + count);
    }
    return count;
  }

  public int integer() throws IOException {
    return data.readInt();
  }

  public long number() throws IOException {
    return data.readLong();
  }

  public double real() throws IOException {
    return data.readDouble();
  }

  public String text() throws IOException {
    byte[] bytes = new byte[count()];
    data.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
