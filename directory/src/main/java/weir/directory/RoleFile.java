package weir.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * How a running role can be reached; published by it when it is ready to be.
 *
 * @param pid its process
 * @param port where it serves: collector, API, or SQL on the loopback
 * @param control loopback port that serves its metrics and status
 * @param token bearer token for its loopback ports
 */
public record RoleFile(long pid, int port, int control, String token) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A token that nobody can guess. */
  public static String newToken() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  public void publish(Path file) throws IOException {
    String text =
        JSON.createObjectNode()
            .put("pid", pid)
            .put("port", port)
            .put("control", control)
            .put("token", token)
            .toString();
    PrivateFile.publish(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what a role has published; empty if it never has. Its process may have ended since.
   *
   * @throws IOException if the file is there and cannot be read
   */
  public static Optional<RoleFile> read(Path file) throws IOException {
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      return Optional.of(
          new RoleFile(
              json.path("pid").asLong(),
              json.path("port").asInt(),
              json.path("control").asInt(),
              json.path("token").asText()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is damaged", e);
    }
  }

  /** Whether its process is there. */
  public boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
