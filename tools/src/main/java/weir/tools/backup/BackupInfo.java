package weir.tools.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What a backup says of itself, in {@code backup.json}: the last file that is written, so that a
 * backup that has it is whole.
 *
 * @param begun everything that was answered 200 before is in it
 * @param lake the lake's folder when it was taken
 * @param files how many it has, without this one
 * @param bytes of all its files
 */
public record BackupInfo(Instant begun, Path lake, long files, long bytes) {
  static final String NAME = "backup.json";
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  byte[] json() {
    return (JSON.createObjectNode()
                .put("format", FORMAT)
                .put("begun", begun.toString())
                .put("lake", lake.toString())
                .put("files", files)
                .put("bytes", bytes)
                .toPrettyString()
            + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  static BackupInfo parse(byte[] json) throws IOException {
    try {
      JsonNode node = JSON.readTree(json);
      if (node.path("format").asInt() != FORMAT) {
        throw new IOException(
            "the backup has format "
                + node.path("format").asText()
                + ", not "
                + FORMAT
                + ": a newer Weir made it");
      }
      return new BackupInfo(
          Instant.parse(node.path("begun").asText()),
          Path.of(node.path("lake").asText()),
          node.path("files").asLong(),
          node.path("bytes").asLong());
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IOException(NAME + " in the backup is damaged", e);
    }
  }
}
