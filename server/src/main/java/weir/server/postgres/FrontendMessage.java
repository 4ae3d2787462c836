package weir.server.postgres;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A message of a client, read part by part. */
final class FrontendMessage {
  static final int MAX_BYTES = 4 << 20;

  private final char type;
  private final ByteBuffer body;

  private FrontendMessage(char type, ByteBuffer body) {
    this.type = type;
    this.body = body;
  }

  /** Reads the next message, of any type but the first one's. */
  static FrontendMessage read(DataInputStream in) throws IOException {
    char type = (char) in.readUnsignedByte();
    return new FrontendMessage(type, body(in, MAX_BYTES));
  }

  /** What a client that goes without a word would have said. */
  static FrontendMessage terminate() {
    return new FrontendMessage('X', ByteBuffer.allocate(0));
  }

  /** Reads a message without a type, which a connection begins with. */
  static FrontendMessage readFirst(DataInputStream in) throws IOException {
    return new FrontendMessage(' ', body(in, 10_000));
  }

  private static ByteBuffer body(DataInputStream in, int max) throws IOException {
    int length = in.readInt() - 4;
    if (length < 0 || length > max) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  char type() {
    return type;
  }

  boolean hasMore() {
    return body.hasRemaining();
  }

  /** A part of a message. */
  private interface Part<T> {
    T read();
  }

  private static <T> T part(Part<T> part) throws PostgresException {
    try {
      return part.read();
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw PostgresException.protocol("a message is too short");
    }
  }

  int int32() throws PostgresException {
    return part(body::getInt);
  }

  int int16() throws PostgresException {
    return part(body::getShort);
  }

  char character() throws PostgresException {
    return (char) part(body::get).byteValue();
  }

  byte[] bytes(int length) throws PostgresException {
    return part(() -> {
      if (length > body.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] bytes = new byte[length];
      body.get(bytes);
      return bytes;
    });
  }

  byte[] rest() throws PostgresException {
    return bytes(body.remaining());
  }

  /** A text that a zero byte ends. */
  String text() throws PostgresException {
    int length = 0;
    while (body.position() + length < body.limit() && body.get(body.position() + length) != 0) {
      length++;
    }
    String text = new String(bytes(length), StandardCharsets.UTF_8);
    bytes(1);
    return text;
  }
}
