package weir.tap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import weir.event.CleanEvent;
import weir.event.ProjectProperties;
import weir.log.Position;

/** Collects the events of one chunk, of one filter. Used by one thread. */
final class Frames {
  private final EventFilter filter;
  private final Framing framing;
  private final Function<String, ProjectProperties> properties;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8_192);
  private int events;

  Frames(EventFilter filter, Framing framing, Function<String, ProjectProperties> properties) {
    this.filter = filter;
    this.framing = framing;
    this.properties = properties;
  }

  void add(CleanEvent event, Position next) {
    ProjectProperties known = properties.apply(filter.project());
    if (filter.matches(event, known)) {
      framing.begin(bytes, next);
      try {
        EventJson.write(event, known, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      framing.end(bytes);
      events++;
    }
  }

  int events() {
    return events;
  }

  int size() {
    return bytes.size();
  }

  Chunk chunk(Position next, boolean atEnd) {
    return new Chunk(bytes.toByteArray(), events, next, atEnd);
  }
}
