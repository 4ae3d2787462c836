package weir.server.roles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import weir.collect.Collector;
import weir.config.Configuration;
import weir.config.ConfigurationException;
import weir.config.ConfigurationLoader;
import weir.config.LogLevel;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.OwnerOnly;
import weir.directory.PrivateFile;
import weir.directory.Role;
import weir.metadata.Credentials;
import weir.query.sandbox.FileSandbox;
import weir.server.logging.LogSetup;
import weir.server.statements.RoleStatements;
import weir.server.statements.Statements;

/**
 * A short life of Weir, all roles in this process, on a data directory of its own: events, queries,
 * a commit, and the end. The JVM that records what a start loads watches one.
 */
public final class Rehearsal {
  private static final int EVENTS = 200;
  private static final int PATIENCE = 600;
  private static final Duration STEP = Duration.ofMillis(50);

  private static final List<String> QUESTIONS =
      List.of(
          "select count(*) from events",
          "select event, user_id, p_answer from events order by timestamp limit 10",
          "select event, count(distinct user_id) from events group by all order by 2 desc",
          "select count(*) from bad_events",
          "select * from ledger");

  private static final Map<String, String> INSIGHTS =
      Map.of(
          "funnel",
          "{\"steps\":[{\"event\":\"Rehearsal 1\"},{\"event\":\"Rehearsal 2\"}]}",
          "retention",
          "{\"start\":{\"event\":\"Rehearsal 1\"},\"period\":\"day\"}",
          "path",
          "{\"steps\":3}",
          "trend",
          "{\"measure\":\"persons\",\"interval\":\"day\",\"breakdown\":\"answer\","
              + "\"filters\":[{\"property\":\"event\",\"op\":\"!=\",\"value\":\"none\"}]}",
          "sessions",
          "{}",
          "distribution",
          "{\"events\":[\"Rehearsal 1\"]}");

  private final DataDirectory directory;
  private final Commands commands;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private Rehearsal(Path data, Commands commands) {
    this.directory = new DataDirectory(data);
    this.commands = commands;
  }

  /** Commands that are to start quickly too. */
  public interface Commands {
    /** Runs them on the Weir of a data directory. */
    void run(Path data) throws IOException;
  }

  /**
   * Plays it; returns when all has been stopped again.
   *
   * @param data an empty folder
   * @param commands run while it is up
   * @throws IOException if anything does not work
   */
  public static void play(Path data, Commands commands) throws Exception {
    new Rehearsal(data, commands).play();
  }

  private static Configuration configuration(Path data) throws ConfigurationException {
    Map<String, String> settings =
        Map.of(
            Settings.DATA.environmentName(), data.toString(),
            Settings.COLLECT_PORT.environmentName(), "0",
            Settings.API_PORT.environmentName(), "0",
            Settings.API_POSTGRES_PORT.environmentName(), "0",
            Settings.LAKE_COMMIT_INTERVAL.environmentName(), "100ms",
            Settings.LAKE_QUIET_COMMIT_INTERVAL.environmentName(), "100ms");
    return ConfigurationLoader.load(null, settings, Map.of());
  }

  private void play() throws Exception {
    OwnerOnly.fromNowOn();
    directory.prepare();
    LogSetup.toFileAndConsole(directory.logs(), "rehearsal", LogLevel.INFO);
    Configuration configuration = written(configuration(directory.root()));
    confineThread();
    try (http;
        Stoppables stoppables = new Stoppables()) {
      RoleContext collect = RoleContext.create(Role.COLLECT, configuration, directory, stoppables);
      Collector collector = CollectRole.start(collect);
      stoppables.add("collector", CollectRole.door(collector));
      collect.startAndPublish(ignored -> new RoleContext.Running(collector.port(), () -> "{}"));
      RoleContext query = RoleContext.create(Role.QUERY, configuration, directory, stoppables);
      query.startAndPublish(QueryRole::startUnconfined);
      RoleContext engine = RoleContext.create(Role.ENGINE, configuration, directory, stoppables);
      Statements statements = new RoleStatements(directory.roleFile(Role.QUERY));
      engine.startAndPublish(context -> EngineRole.start(context, statements, () -> {}));
      ask(Credentials.read(directory.credentials()).orElseThrow());
      commands.run(directory.root());
    }
  }

  /** As a role's process gets it. */
  private Configuration written(Configuration configuration)
      throws IOException, ConfigurationException {
    PrivateFile.publish(
        directory.settings(), configuration.toYaml().getBytes(StandardCharsets.UTF_8));
    return ConfigurationLoader.load(directory.settings(), Map.of(), Map.of());
  }

  /** A thread that ends then: what it enters binds it alone. */
  private void confineThread() throws IOException, InterruptedException {
    Path spill = Folders.emptied(directory.spill().resolve("rehearsal")).getParent();
    Thread.ofPlatform()
        .name("confined")
        .start(() -> FileSandbox.enter(List.of(Objects.requireNonNull(spill))))
        .join();
  }

  private void ask(Credentials credentials) throws IOException, InterruptedException {
    String user = credentials.writeKey() + ":";
    String basic =
        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    String bearer = "Bearer " + credentials.apiKey();
    awaitKeys(credentials);
    for (int i = 0; i < EVENTS; i++) {
      String event =
          "{\"event\":\"Rehearsal %d\",\"userId\":\"u%d\",\"properties\":{\"answer\":%d}}"
              .formatted(i % 7, i % 50, i);
      post(credentials.collector() + "/v1/track", basic, event);
    }
    String count = "";
    for (int i = 0; i < PATIENCE && !count.contains(Integer.toString(EVENTS)); i++) {
      Thread.sleep(STEP);
      count = query(credentials, bearer, QUESTIONS.getFirst());
    }
    for (String question : QUESTIONS) {
      query(credentials, bearer, question);
    }
    askInsights(credentials.api(), bearer);
    for (String page : List.of("/", "/ready", "/api/v1/status", "/api/v1/ledger", "/metrics")) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(credentials.api() + page));
      http.send(request.header("Authorization", bearer).build(), BodyHandlers.ofString());
    }
  }

  /** The collector reads what the engine has published a moment later, and says so then. */
  private void awaitKeys(Credentials credentials) throws IOException, InterruptedException {
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create(credentials.collector() + "/ready")).build();
    for (int i = 0; i < PATIENCE; i++) {
      if (http.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
        return;
      }
      Thread.sleep(STEP);
    }
    throw new IOException("the collector does not become ready");
  }

  /** Twice, so that they are counted from kept events, which are read from beside the files. */
  private void askInsights(String api, String bearer) throws IOException, InterruptedException {
    for (int i = 0; i < PATIENCE / 4 && !hasSidecar(); i++) {
      Thread.sleep(STEP);
    }
    for (int i = 0; i < 2; i++) {
      for (Map.Entry<String, String> insight : INSIGHTS.entrySet()) {
        post(api + "/api/v1/insights/" + insight.getKey(), bearer, insight.getValue());
      }
    }
  }

  private boolean hasSidecar() throws IOException {
    try (Stream<Path> files = Files.walk(directory.lake())) {
      return files.anyMatch(file -> file.toString().endsWith(".kept"));
    } catch (UncheckedIOException e) {
      return false; // a file has gone meanwhile
    }
  }

  private String query(Credentials credentials, String bearer, String sql)
      throws IOException, InterruptedException {
    return post(credentials.api() + "/api/v1/query", bearer, "{\"sql\":\"" + sql + "\"}");
  }

  private String post(String url, String authorization, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(url + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }
}
