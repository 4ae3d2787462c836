package weir.tap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import weir.log.Position;

/** How events follow each other in what a reader gets. */
public enum Framing {
  /** Server-sent events: the id is where to go on from. */
  SSE {
    @Override
    void begin(ByteArrayOutputStream out, Position next) {
      write(out, "id: " + next + "\ndata: ");
    }

    @Override
    void end(ByteArrayOutputStream out) {
      write(out, "\n\n");
    }
  },
  /** One JSON object a line. */
  LINES {
    @Override
    void begin(ByteArrayOutputStream out, Position next) {}

    @Override
    void end(ByteArrayOutputStream out) {
      out.write('\n');
    }
  },
  /** One JSON object a line, with the position in front: {@code {"id":"...","data":{...}}}. */
  MESSAGES {
    @Override
    void begin(ByteArrayOutputStream out, Position next) {
      write(out, "{\"id\":\"" + next + "\",\"data\":");
    }

    @Override
    void end(ByteArrayOutputStream out) {
      write(out, "}\n");
    }
  };

  abstract void begin(ByteArrayOutputStream out, Position next);

  abstract void end(ByteArrayOutputStream out);

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
