package weir.server.plugins.child;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** One frame as it is written: a kind, and values. */
public final class FrameOutput {
  static final int MAGIC = 0x57_65_50_31;

  private final Bytes bytes;
  private final DataOutputStream data;

  public FrameOutput() {
    this(8 << 10);
  }

  /**
   * @param capacity bytes that it will hardly exceed
   */
  FrameOutput(int capacity) {
    this.bytes = new Bytes(capacity);
    this.data = new DataOutputStream(bytes);
  }

  private static final class Bytes extends ByteArrayOutputStream {
    Bytes(int capacity) {
      super(capacity);
    }

    void cut(int length) {
      count = length;
    }
  }

  public FrameOutput small(int value) throws IOException {
    data.writeByte(value);
    return this;
  }

  public FrameOutput integer(int value) throws IOException {
    data.writeInt(value);
    return this;
  }

  public FrameOutput number(long value) throws IOException {
    data.writeLong(value);
    return this;
  }

  public FrameOutput real(double value) throws IOException {
    data.writeDouble(value);
    return this;
  }

  public FrameOutput text(String value) throws IOException {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    data.writeInt(text.length);
    data.write(text);
    return this;
  }

  int size() {
    return bytes.size();
  }

  /** Takes back what was written after this size. */
  void cut(int size) {
    bytes.cut(size);
  }

  void append(FrameOutput other) throws IOException {
    other.bytes.writeTo(bytes);
  }

  /** Sends it. */
  public void send(OutputStream out, byte kind) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(bytes.size() + 9);
    DataOutputStream head = new DataOutputStream(whole);
    head.writeInt(MAGIC);
    head.writeByte(kind);
    head.writeInt(bytes.size());
    bytes.writeTo(whole);
    whole.writeTo(out);
    out.flush();
  }
}
