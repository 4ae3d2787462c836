package weir.tap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Function;
import weir.event.CleanEvent;
import weir.event.Position;
import weir.event.ProjectProperties;

/** Weir's own JSON of an event, with something before and after it. */
enum StandardFraming implements Framing {
  SSE(next -> "id: " + next + "\ndata: ", "\n\n"),
  LINES(next -> "", "\n"),
  MESSAGES(next -> "{\"id\":\"" + next + "\",\"data\":", "}\n");

  private final Function<Position, String> before;
  private final String after;

  StandardFraming(Function<Position, String> before, String after) {
    this.before = before;
    this.after = after;
  }

  @Override
  public void write(
      CleanEvent event, ProjectProperties known, Position next, ByteArrayOutputStream out)
      throws IOException {
    Framing.text(out, before.apply(next));
    EventJson.write(event, known, out);
    Framing.text(out, after);
  }
}
