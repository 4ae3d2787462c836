package weir.tap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Function;
import weir.event.CleanEvent;
import weir.event.Position;
import weir.event.ProjectProperties;

/** Collects the events of one chunk, of one filter. Used by one thread. */
final class Frames {
  private final EventFilter filter;
  private final Framing framing;
  private final Function<String, ProjectProperties> properties;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8_192);
  private int events;
  private int lastBegins;

  Frames(EventFilter filter, Framing framing, Function<String, ProjectProperties> properties) {
    this.filter = filter;
    this.framing = framing;
    this.properties = properties;
  }

  void add(CleanEvent event, Position next) {
    ProjectProperties known = properties.apply(filter.project());
    if (filter.matches(event, known)) {
      lastBegins = bytes.size();
      try {
        framing.write(event, known, next, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      events++;
    }
  }

  int events() {
    return events;
  }

  int size() {
    return bytes.size();
  }

  /**
   * All but the last event.
   *
   * @param next where that one begins
   */
  Chunk chunkWithoutLast(Position next) {
    return new Chunk(
        Arrays.copyOf(bytes.toByteArray(), lastBegins), events - 1, next, /* atEnd= */ false);
  }

  Chunk chunk(Position next, boolean atEnd) {
    return new Chunk(bytes.toByteArray(), events, next, atEnd);
  }
}
