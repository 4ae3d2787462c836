package weir.tap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import weir.event.CleanEvent;
import weir.event.Position;
import weir.event.ProjectProperties;

/** How events follow each other in what a reader gets. Equal ones give the same bytes. */
public sealed interface Framing permits StandardFraming, RakamFraming {
  /** Server-sent events: the id is where to go on from. */
  Framing SSE = StandardFraming.SSE;

  /** One JSON object a line. */
  Framing LINES = StandardFraming.LINES;

  /** One JSON object a line, with the position in front: {@code {"id":"...","data":{...}}}. */
  Framing MESSAGES = StandardFraming.MESSAGES;

  /**
   * Writes an event.
   *
   * @param next where to go on after it
   */
  void write(CleanEvent event, ProjectProperties known, Position next, ByteArrayOutputStream out)
      throws IOException;

  /** Writes text that is ASCII. */
  static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
