package weir.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import weir.directory.PrivateFile;

/** What a first user needs, as {@code credentials.json} holds it. */
public record Credentials(
    @JsonProperty("collector") String collector,
    @JsonProperty("api") String api,
    @JsonProperty("project") String project,
    @JsonProperty("write_key") String writeKey,
    @JsonProperty("api_key") String apiKey,
    @JsonProperty("admin_email") String adminEmail,
    @JsonProperty("admin_password") String adminPassword) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Credentials {
    Objects.requireNonNull(collector, "collector");
    Objects.requireNonNull(api, "api");
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(writeKey, "write_key");
    Objects.requireNonNull(apiKey, "api_key");
    Objects.requireNonNull(adminEmail, "admin_email");
    Objects.requireNonNull(adminPassword, "admin_password");
  }

  /** New ones, with keys and a password that nobody can guess, for a first project. */
  public static Credentials mint(String collector, String api) {
    return new Credentials(
        collector,
        api,
        "default",
        Secrets.random("wk_", 24),
        Secrets.random("ak_", 40),
        "admin@localhost",
        Secrets.randomPassword());
  }

  /**
   * Reads the file; empty if there is none.
   *
   * @throws IOException if it cannot be read or understood
   */
  public static Optional<Credentials> read(Path file) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readString(file), Credentials.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is not a credentials file: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes the file, readable by its owner alone. */
  public void write(Path file) throws IOException {
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    PrivateFile.publish(file, text.getBytes(StandardCharsets.UTF_8));
  }

  Credentials at(String collectorUrl, String apiUrl) {
    return new Credentials(
        collectorUrl, apiUrl, project, writeKey, apiKey, adminEmail, adminPassword);
  }
}
