package weir.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks PostgreSQL's protocol, and writes down what it is answered, a line for each message. */
final class WireClient implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final StringBuilder errors = new StringBuilder();

  /** A parameter; its type is 0 if the server is to find it. */
  record Parameter(int type, @Nullable String text) {}

  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  /** Logs in with a password in clear, if one is asked for. */
  WireClient(int port, String password, Map<String, String> startup) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    DataOutputStream body = new DataOutputStream(first);
    body.writeInt(3 << 16);
    for (Map.Entry<String, String> each : startup.entrySet()) {
      text(body, each.getKey());
      text(body, each.getValue());
    }
    body.writeByte(0);
    out.writeInt(first.size() + 4);
    out.write(first.toByteArray());
    out.flush();
    if (read().contains("R 3")) {
      send('p', to -> text(to, password));
      out.flush();
      read();
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.writeByte(0);
  }

  private void send(char type, Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.write(new DataOutputStream(bytes));
    out.writeByte(type);
    out.writeInt(bytes.size() + 4);
    out.write(bytes.toByteArray());
  }

  /** What a text of statements is answered. */
  List<String> simple(String sql) throws IOException {
    send('Q', body -> text(body, sql));
    out.flush();
    return read();
  }

  /** What one statement is answered in the extended protocol. */
  List<String> extended(String sql, List<Parameter> parameters, boolean binary) throws IOException {
    send(
        'P',
        body -> {
          text(body, "");
          text(body, sql);
          body.writeShort(parameters.size());
          for (Parameter parameter : parameters) {
            body.writeInt(parameter.type());
          }
        });
    send(
        'D',
        body -> {
          body.writeByte('S');
          text(body, "");
        });
    send('B', body -> bind(parameters, binary, body));
    send(
        'D',
        body -> {
          body.writeByte('P');
          text(body, "");
        });
    send(
        'E',
        body -> {
          text(body, "");
          body.writeInt(0);
        });
    send('S', body -> {});
    out.flush();
    return read();
  }

  private static void bind(List<Parameter> parameters, boolean binary, DataOutputStream body)
      throws IOException {
    text(body, "");
    text(body, "");
    body.writeShort(0);
    body.writeShort(parameters.size());
    for (Parameter parameter : parameters) {
      if (parameter.text() == null) {
        body.writeInt(-1);
      } else {
        byte[] bytes = parameter.text().getBytes(StandardCharsets.UTF_8);
        body.writeInt(bytes.length);
        body.write(bytes);
      }
    }
    body.writeShort(1);
    body.writeShort(binary ? 1 : 0);
  }

  /** Reads until the server is ready, or asks for a password, or ends. */
  private List<String> read() throws IOException {
    List<String> lines = new ArrayList<>();
    boolean binary = false;
    while (true) {
      char type = (char) in.readUnsignedByte();
      byte[] bytes = new byte[in.readInt() - 4];
      in.readFully(bytes);
      ByteBuffer body = ByteBuffer.wrap(bytes);
      switch (type) {
        case 'R' -> {
          int kind = body.getInt();
          lines.add("R " + kind);
          if (kind == 3) {
            return lines;
          }
        }
        case 'T' -> {
          StringBuilder columns = new StringBuilder("T");
          binary = columns(body, columns);
          lines.add(columns.toString());
        }
        case 't' -> lines.add("t" + numbers(body));
        case 'D' -> lines.add("D" + values(body, binary));
        case 'd' -> lines.add("d " + new String(bytes, StandardCharsets.UTF_8).strip());
        case 'C' ->
            lines.add("C " + new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8));
        case 'E' -> {
          lines.add("E " + state(bytes));
          errors.append(new String(bytes, StandardCharsets.UTF_8).replace('\0', '\n'));
        }
        case 'Z' -> {
          lines.add("Z " + (char) bytes[0]);
          return lines;
        }
        case 'N', 'S', 'K', '1', '2' -> {}
        default -> lines.add(Character.toString(type));
      }
    }
  }

  private static boolean columns(ByteBuffer body, StringBuilder columns) {
    boolean binary = false;
    for (int left = body.getShort(); left > 0; left--) {
      while (body.get() != 0) {
        continue;
      }
      body.getInt();
      body.getShort();
      columns.append(' ').append(body.getInt());
      body.getShort();
      body.getInt();
      binary = body.getShort() == 1;
    }
    return binary;
  }

  private static String numbers(ByteBuffer body) {
    StringBuilder numbers = new StringBuilder();
    for (int left = body.getShort(); left > 0; left--) {
      numbers.append(' ').append(body.getInt());
    }
    return numbers.toString();
  }

  private static String values(ByteBuffer body, boolean binary) {
    StringBuilder values = new StringBuilder();
    for (int left = body.getShort(); left > 0; left--) {
      byte[] bytes = new byte[Math.max(0, body.getInt(body.position()))];
      boolean isNull = body.getInt() < 0;
      body.get(bytes);
      String text =
          binary ? HexFormat.of().formatHex(bytes) : new String(bytes, StandardCharsets.UTF_8);
      values.append(" | ").append(isNull ? "null" : text);
    }
    return values.toString();
  }

  /** All fields of all errors so far. */
  String errors() {
    return errors.toString();
  }

  private static String state(byte[] bytes) {
    for (String field : new String(bytes, StandardCharsets.UTF_8).split("\0")) {
      if (field.startsWith("C")) {
        return field.substring(1);
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
