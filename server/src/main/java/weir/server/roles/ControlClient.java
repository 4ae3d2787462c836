package weir.server.roles;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.directory.RoleFile;

/** Asks other roles at their control ports. */
final class ControlClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final DataDirectory directory;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  ControlClient(DataDirectory directory) {
    this.directory = directory;
  }

  /** What a role answers; empty if it does not run, or not yet again. */
  Optional<String> get(Role role, String path) throws InterruptedException {
    try {
      Optional<RoleFile> file = RoleFile.read(directory.roleFile(role));
      if (file.isEmpty() || !file.get().isAlive()) {
        return Optional.empty();
      }
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + file.get().control() + path))
              .header("Authorization", "Bearer " + file.get().token())
              .timeout(PATIENCE)
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
