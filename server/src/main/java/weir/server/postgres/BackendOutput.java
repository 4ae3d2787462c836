package weir.server.postgres;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import weir.query.postgres.PostgresType;

/** Messages to a client; gathered until they are flushed. */
final class BackendOutput {
  private static final int BUFFER = 32 * 1024;

  private final DataOutputStream out;

  BackendOutput(OutputStream out) {
    this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
  }

  /** Writes the body of a message. */
  interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  void message(char type, Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.write(new DataOutputStream(bytes));
    message(type, bytes.toByteArray());
  }

  void message(char type, byte[] body) throws IOException {
    out.writeByte(type);
    out.writeInt(body.length + 4);
    out.write(body);
  }

  void message(char type) throws IOException {
    message(type, new byte[0]);
  }

  static void text(DataOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.writeByte(0);
  }

  void parameter(String name, String value) throws IOException {
    message(
        'S',
        body -> {
          text(body, name);
          text(body, value);
        });
  }

  void complete(String tag) throws IOException {
    message('C', body -> text(body, tag));
  }

  void ready(char transaction) throws IOException {
    message('Z', new byte[] {(byte) transaction});
    flush();
  }

  void error(PostgresException error) throws IOException {
    report('E', "ERROR", error);
  }

  /** An error that ends the connection. */
  void fatal(PostgresException error) throws IOException {
    report('E', "FATAL", error);
    flush();
  }

  private void report(char type, String severity, PostgresException error) throws IOException {
    message(
        type,
        body -> {
          for (Map.Entry<Character, String> field :
              Map.of('S', severity, 'V', severity, 'C', error.state()).entrySet()) {
            body.writeByte(field.getKey());
            text(body, field.getValue());
          }
          body.writeByte('M');
          text(body, String.valueOf(error.getMessage()));
          if (error.position().isPresent()) {
            body.writeByte('P');
            text(body, Integer.toString(error.position().getAsInt()));
          }
          body.writeByte(0);
        });
  }

  /** Tells the client of something that is no error. */
  void warning(String state, String text) throws IOException {
    message(
        'N',
        body -> {
          text(body, "SWARNING");
          text(body, "VWARNING");
          text(body, "C" + state);
          text(body, "M" + text);
          body.writeByte(0);
        });
  }

  /** A RowDescription of texts. */
  void textColumns(List<String> names) throws IOException {
    message(
        'T',
        body -> {
          body.writeShort(names.size());
          for (String name : names) {
            text(body, name);
            body.writeInt(0);
            body.writeShort(0);
            body.writeInt(PostgresType.TEXT.oid());
            body.writeShort(-1);
            body.writeInt(-1);
            body.writeShort(0);
          }
        });
  }

  void textRow(List<String> values) throws IOException {
    message(
        'D',
        body -> {
          body.writeShort(values.size());
          for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            body.writeInt(bytes.length);
            body.write(bytes);
          }
        });
  }

  void flush() throws IOException {
    out.flush();
  }
}
