package weir.server.roles;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.directory.RoleFile;
import weir.metadata.Credentials;
import weir.server.tls.Trust;

/**
 * Waits until all roles are ready, says meanwhile what is missing, and then how to go on: with the
 * keys where a person reads it, else with the place where they are.
 */
final class Announcement {
  private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);
  private static final Duration ASK_AGAIN = Duration.ofMillis(50);
  private static final int ASKED_BEFORE_SAYING_SO = 100;

  private final Configuration configuration;
  private final DataDirectory directory;
  private final List<SupervisedRole> children;
  private final boolean showsKeys;

  /**
   * @param showsKeys whether nothing but a person's eyes keeps what is printed
   */
  Announcement(
      Configuration configuration,
      DataDirectory directory,
      List<SupervisedRole> children,
      boolean showsKeys) {
    this.showsKeys = showsKeys;
    this.configuration = configuration;
    this.directory = directory;
    this.children = children;
  }

  /** Waits for as long as it takes, then prints. */
  void whenReady(PrintWriter out) throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(2))
            .sslContext(Trust.anyone()) // asks its own ports whether they are ready, no more
            .build()) {
      for (Role role : configuration.get(Settings.ROLES)) {
        if (role != Role.QUERY) {
          await(client, role);
        }
      }
    }
    print(out);
  }

  private void await(HttpClient client, Role role) throws IOException, InterruptedException {
    for (int asked = 1; ; asked++) {
      String missing = missing(client, role);
      if (missing.isEmpty()) {
        return;
      }
      if (asked % ASKED_BEFORE_SAYING_SO == 0) {
        LOG.info("waiting for {}: {}{}", role.label(), missing, restarts());
      }
      Thread.sleep(ASK_AGAIN);
    }
  }

  private String restarts() {
    StringBuilder text = new StringBuilder();
    for (SupervisedRole child : children) {
      SupervisedRole.State state = child.state();
      if (state.restarts() > 0) {
        text.append("; ").append(state.role().label()).append(" ended with ");
        text.append(state.lastEnd()).append(", see ");
        text.append(directory.logs().resolve(state.role().label() + ".log"));
      }
    }
    return text.toString();
  }

  private String missing(HttpClient client, Role role) throws IOException, InterruptedException {
    Optional<RoleFile> file = RoleFile.read(directory.roleFile(role));
    if (file.isEmpty() || !file.get().isAlive()) {
      return "it has not started yet";
    }
    int port = file.get().port();
    String url =
        role == Role.COLLECT ? Urls.collector(configuration, port) : Urls.api(configuration, port);
    URI ready = URI.create(url + "/ready");
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? "" : answer.body();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String postgres(String project) {
    int port = configuration.get(Settings.API_POSTGRES_PORT);
    return port == 0
        ? ""
        : "\n  PostgreSQL  "
            + Urls.reachable(configuration.get(Settings.API_HOST))
            + ":"
            + port
            + ", database "
            + project
            + ", any user, the API key as password";
  }

  private void print(PrintWriter out) throws IOException {
    Optional<Credentials> known = Credentials.read(directory.credentials());
    if (known.isEmpty()) {
      out.println("Weir is ready. Data is in " + directory.root() + ".");
      out.flush();
      return;
    }
    Credentials credentials = known.get();
    out.print(showsKeys ? withKeys(credentials) : withoutKeys(credentials));
    out.flush();
  }

  private String withKeys(Credentials credentials) {
    return """

    Weir is ready.

      Collector   %s
      API         %s
      Project     %s
      Write key   %s
      API key     %s
      Sign in     with the API key, or by this address:
      Live page   %s/#key=%s%s
      Data        %s   (the keys are in credentials.json there)

    Send the first event:

      curl %s/v1/track -u %s: -H 'Content-Type: application/json' \\
        -d '{"event":"Hello","userId":"u1","properties":{"answer":42}}'

    Or from a web page, with its visits:

      %s

    Ask for it:

      ./weir query --data '%s' 'select event, user_id, p_answer from events'

    Ctrl-C stops it.

    """
        .formatted(
            credentials.collector(),
            credentials.api(),
            credentials.project(),
            credentials.writeKey(),
            credentials.apiKey(),
            credentials.api(),
            credentials.apiKey(),
            postgres(credentials.project()),
            directory.root(),
            credentials.collector(),
            credentials.writeKey(),
            TrackerFiles.tag(configuration, credentials.collector(), credentials.writeKey()),
            directory.root());
  }

  private String withoutKeys(Credentials credentials) {
    return """

    Weir is ready.

      Collector   %s
      API         %s
      Project     %s
      Keys        in %s
      Sign in     with the API key, which is there
      Live page   %s/%s
      Data        %s

    """
        .formatted(
            credentials.collector(),
            credentials.api(),
            credentials.project(),
            directory.credentials(),
            credentials.api(),
            postgres(credentials.project()),
            directory.root());
  }
}
