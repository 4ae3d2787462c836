package weir.query.door;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.files.Publication;
import weir.query.Access;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryKey;
import weir.query.RowLimit;
import weir.query.rendering.ResultFormat;

/**
 * What the file {@code NAME.json} says of the result in the file {@code NAME}: whose it is, and
 * what became of it.
 *
 * @param bytes of the result
 */
record KeptNote(QueryKey key, Path file, QueryState state, long bytes) {
  private static final Logger LOG = LoggerFactory.getLogger(KeptNote.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUFFIX = ".json";

  /** Of a query that is running: whoever reads it later learns that it ended with its process. */
  static KeptNote unfinished(QueryKey key, Path file) {
    QueryException lost =
        new QueryException(QueryError.QUERY_LOST, "the process that ran this query has ended");
    return new KeptNote(key, file, new QueryState.Failed(lost), 0);
  }

  /** Where the note of a file is. */
  static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /** Writes it, in place of an earlier one. */
  void write() throws IOException {
    ObjectNode json = JSON.createObjectNode();
    Access access = key.access();
    json.put("project", access.project()).put("key", access.key()).put("id", key.id());
    access
        .limit()
        .ifPresent(limit ->
            json.put("limit_property", limit.property()).put("limit_value", limit.value()));
    switch (state) {
      case QueryState.Done done -> json.put("format", done.format().name()).put("bytes", bytes);
      case QueryState.Failed failed ->
          json.put("error", failed.failure().error().name())
              .put("message", failed.failure().getMessage());
      case QueryState.Running ignored -> throw new IllegalArgumentException("it still runs");
    }
    Publication.replace(weir.log.files.Files.system(), beside(file), JSON.writeValueAsBytes(json));
  }

  /** All notes of a folder, the oldest first; files that belong to none are deleted. */
  static List<KeptNote> readAll(Path folder) {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(Files::isRegularFile).sorted(KeptNote::byAge).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
    List<KeptNote> notes = new ArrayList<>();
    Set<Path> known = new HashSet<>();
    for (Path file : files) {
      if (file.toString().endsWith(SUFFIX)) {
        read(file)
            .ifPresent(note -> {
              notes.add(note);
              known.add(file);
              known.add(note.file());
            });
      }
    }
    files.stream().filter(file -> !known.contains(file)).forEach(KeptResults::delete);
    return notes;
  }

  private static int byAge(Path one, Path other) {
    try {
      return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other));
    } catch (IOException e) {
      return 0; // one of them is going
    }
  }

  private static Optional<KeptNote> read(Path note) {
    String name = note.toString();
    Path file = Path.of(name.substring(0, name.length() - SUFFIX.length()));
    try {
      JsonNode json = JSON.readTree(note.toFile());
      Optional<RowLimit> limit =
          json.has("limit_property")
              ? Optional.of(
                  new RowLimit(
                      json.path("limit_property").asText(), json.path("limit_value").asText()))
              : Optional.empty();
      Access access = new Access(json.path("project").asText(), json.path("key").asText(), limit);
      QueryKey key = new QueryKey(access, json.path("id").asText());
      if (json.has("error")) {
        QueryException failure =
            new QueryException(
                QueryError.valueOf(json.path("error").asText()), json.path("message").asText());
        return Optional.of(new KeptNote(key, file, new QueryState.Failed(failure), 0));
      }
      ResultFormat format = ResultFormat.valueOf(json.path("format").asText());
      return Files.exists(file)
          ? Optional.of(
              new KeptNote(
                  key, file, new QueryState.Done(file, format), json.path("bytes").asLong()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} says nothing that can be read", note, e);
      return Optional.empty();
    }
  }
}
