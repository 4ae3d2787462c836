package weir.tools.importing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Events that are sent together.
 *
 * @param rows how many rows of the file were read when it was made: those up to there are in this
 *     batch or one before it, or were refused
 * @param events as JSON, with the lines that they came from
 */
record Batch(long rows, List<Event> events) {
  /**
   * @param row that it was made of
   */
  record Event(Row.Values row, byte[] json) {
    long line() {
      return row.line();
    }
  }

  Batch {
    events = List.copyOf(events);
  }

  byte[] body() {
    int size = 16 + events.stream().mapToInt(event -> event.json().length + 1).sum();
    ByteArrayOutputStream body = new ByteArrayOutputStream(size);
    body.writeBytes("{\"batch\":[".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(events.get(i).json());
    }
    body.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
    return body.toByteArray();
  }

  List<Batch> halves() {
    int middle = events.size() / 2;
    return List.of(
        new Batch(rows, events.subList(0, middle)),
        new Batch(rows, events.subList(middle, events.size())));
  }
}
