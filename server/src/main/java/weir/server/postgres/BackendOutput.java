package weir.server.postgres;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

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

  void flush() throws IOException {
    out.flush();
  }
}
