package weir.tools.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import weir.event.EpochMicros;
import weir.log.files.Publication;
import weir.tools.importing.ImportId;

/**
 * That an import is to be taken out: from the moment that this file is there, it will be, whatever
 * ends the process meanwhile. Holds the ids of its events, a JSON string a line, since once they
 * are erased nobody else knows them; the last line says the rest.
 *
 * @param commit names the lake's commit
 * @param events how many there are
 * @param from when the first of them was received
 * @param to when the last was
 */
record UndoRecord(
    Path file, String project, ImportId id, String commit, long events, Instant from, Instant to) {
  static final String SUFFIX = ".undo";
  private static final int CHUNK = 500_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  static Path place(Path folder, String project, ImportId id) {
    return folder.resolve(project + "." + id.text() + SUFFIX);
  }

  /** Takes the events of a record that is being written. */
  static final class Writing implements AutoCloseable {
    private final Path file;
    private final String project;
    private final ImportId id;
    private final BufferedWriter out;
    private long events;
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;

    Writing(Path folder, String project, ImportId id) throws IOException {
      this.file = place(folder, project, id);
      this.project = project;
      this.id = id;
      this.out = Files.newBufferedWriter(Publication.draft(file), StandardCharsets.UTF_8);
    }

    void event(String eventId, long receivedAt) throws IOException {
      out.write(JSON.writeValueAsString(eventId));
      out.newLine();
      events++;
      from = Math.min(from, receivedAt);
      to = Math.max(to, receivedAt);
    }

    long events() {
      return events;
    }

    /** There is nothing to take out. */
    UndoRecord none() {
      return new UndoRecord(file, project, id, "", 0, Instant.EPOCH, Instant.EPOCH);
    }

    /** From now on the import will be taken out. */
    UndoRecord finish() throws IOException {
      UndoRecord record =
          new UndoRecord(
              file, project, id, UUID.randomUUID().toString(), events, instant(from), instant(to));
      out.write(record.json().toString());
      out.newLine();
      out.close();
      Publication.finish(weir.log.files.Files.system(), Publication.draft(file), file);
      return record;
    }

    private static Instant instant(long micros) {
      return EpochMicros.instant(micros);
    }

    @Override
    public void close() throws IOException {
      out.close();
      Files.deleteIfExists(Publication.draft(file));
    }
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.getParent(), "folder");
  }

  private ObjectNode json() {
    return JSON.createObjectNode()
        .put("project", project)
        .put("import", id.text())
        .put("commit", commit)
        .put("events", events)
        .put("from", from.toString())
        .put("to", to.toString());
  }

  static UndoRecord read(Path file) throws IOException {
    String last = "";
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    }
    JsonNode json = JSON.readTree(last);
    return new UndoRecord(
        file,
        json.path("project").asText(),
        new ImportId(json.path("import").asText()),
        json.path("commit").asText(),
        json.path("events").asLong(),
        Instant.parse(json.path("from").asText()),
        Instant.parse(json.path("to").asText()));
  }

  /** Takes some of the ids. */
  interface Taking {
    void some(List<String> eventIds) throws IOException, InterruptedException;
  }

  /** Gives all ids, as many at a time as memory holds easily. */
  void ids(Taking taking) throws IOException, InterruptedException {
    List<String> some = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode value = JSON.readTree(line);
        if (value.isTextual()) {
          some.add(value.asText());
        }
        if (some.size() >= CHUNK) {
          taking.some(some);
          some = new ArrayList<>();
        }
      }
    }
    taking.some(some);
  }

  /** Nothing is left to do. */
  void delete() throws IOException {
    Files.delete(file);
    weir.log.files.Files.system().sync(folder(file));
  }
}
