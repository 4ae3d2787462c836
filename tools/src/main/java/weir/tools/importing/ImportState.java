package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import weir.log.files.Publication;

/**
 * How far an import came, in a file beside the imported one, or in the working directory where that
 * folder cannot be written. It is gone once the import is through. It counts only for the same file
 * with the same options into the same collector under the same key.
 */
final class ImportState {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String identity;

  /**
   * @param id which import it is
   * @param rows all before this one are stored or refused
   * @param delivered what became of those that were sent
   */
  record Progress(ImportId id, long rows, Sending.Delivered delivered) {
    /** Of one that begins. */
    static Progress none(ImportId id) {
      return new Progress(id, 0, Sending.Delivered.NOTHING);
    }
  }

  private ImportState(Path file, String identity) {
    this.file = file;
    this.identity = identity;
  }

  static ImportState of(ImportOptions options, String url, String key) throws IOException {
    Path input = options.file();
    String identity =
        String.join(
            "\n",
            input.toAbsolutePath().normalize().toString(),
            Long.toString(Files.size(input)),
            Files.getLastModifiedTime(input).toString(),
            options.identify() ? "identify" : String.valueOf(options.event()),
            String.valueOf(options.eventColumn()),
            String.valueOf(options.userColumn()),
            String.valueOf(options.timeColumn()),
            String.valueOf(options.timeFormat()),
            options.zone().getId(),
            new TreeMap<>(options.values().types()).toString(),
            String.valueOf(options.values().decimal()),
            String.valueOf(options.values().accessLog()),
            options.values().site().toString(),
            url,
            key);
    return new ImportState(place(input, ".import-state.json"), hash(identity));
  }

  /** A file beside the input, named after it. */
  static Path place(Path input, String suffix) {
    Path absolute = input.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    Path there = folder != null && Files.isWritable(folder) ? folder : Path.of("").toAbsolutePath();
    return there.resolve(absolute.getFileName() + suffix);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Path file() {
    return file;
  }

  /** What is known of this import; empty if nothing, or of another one. */
  Optional<Progress> read() {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      String id = json.path("id").asText();
      return json.path("import").asText().equals(identity) && ImportId.isOne(id)
          ? Optional.of(
              new Progress(
                  new ImportId(id),
                  json.path("rows").asLong(),
                  new Sending.Delivered(
                      json.path("accepted").asLong(),
                      json.path("quarantined").asLong(),
                      json.path("refused").asLong())))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // without it the import begins anew, which adds nothing twice
    }
  }

  void write(Progress progress) throws IOException {
    ObjectNode json =
        JSON.createObjectNode()
            .put("import", identity)
            .put("id", progress.id().text())
            .put("rows", progress.rows())
            .put("accepted", progress.delivered().accepted())
            .put("quarantined", progress.delivered().quarantined())
            .put("refused", progress.delivered().refused());
    Publication.replace(weir.log.files.Files.system(), file, JSON.writeValueAsBytes(json));
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
