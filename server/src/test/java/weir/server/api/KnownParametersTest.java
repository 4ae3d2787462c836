package weir.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.statements.RoleStatements;

class KnownParametersTest {
  private static final String MANAGED = "/api/v1/";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private KnownKeys keys;
  private ApiServer api;

  @BeforeEach
  void start() throws Exception {
    Path role = folder.resolve("query.json");
    keys = KnownKeys.create(folder, "shop");
    api =
        ApiServer.start(
            new ApiServer.Options("127.0.0.1", 0, Optional.empty(), role, Duration.ZERO),
            keys.store(),
            new KnownEngine(),
            new KnownEvents(),
            new RoleStatements(role),
            () -> Instant.EPOCH);
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
    keys.close();
    http.close();
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
            .header("Authorization", "Bearer good")
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aMistypedParameterIsRefusedAtEachAddressOfTheManagementApi() throws Exception {
    for (Route route : api.allRoutes()) {
      String path = route.template().replaceAll("\\{[a-z]+}", "x") + "?limt=5";
      if (route.template().startsWith(MANAGED) && !route.open()) {
        HttpResponse<String> answer = send(route.method().name(), path);
        assertThat(answer.statusCode()).as(path).isEqualTo(400);
        assertThat(answer.body()).contains("unknown_parameter", "no such parameter: limt");
      } else if (route.open()) {
        assertThat(send(route.method().name(), path).body())
            .as(path)
            .doesNotContain("unknown_parameter");
      }
    }
  }

  @Test
  void theRefusalSaysWhatThereIs() throws Exception {
    assertThat(send("GET", "/api/v1/tables?limt=5").body())
        .contains(
            "no such parameter: limt; the nearest: limit; GET /api/v1/tables takes cursor, limit,"
                + " project");
    HttpResponse<String> stream = send("GET", "/api/v1/stream?event=a");
    assertThat(stream.body()).contains("the nearest: events;", "property.NAME");
    assertThat(stream.headers().firstValue("access-control-allow-origin"))
        .as("else the page cannot read why")
        .contains("*");
  }

  @Test
  void whatIsKnownIsTaken() throws Exception {
    for (String query : new String[] {"limit=7&cursor=b", "project=shop", "_=17", "&limit=7", ""}) {
      assertThat(send("GET", "/api/v1/tables?" + query).statusCode()).as(query).isEqualTo(200);
    }
    for (String query : new String[] {"property.colour=red", "where=a%20%3D%201"}) {
      assertThat(send("GET", "/api/v1/consumers/no!name/events?" + query).body())
          .as(query)
          .contains("a group's name");
    }
    assertThat(send("GET", "/api/v1/consumers/x/events?property=red").body())
        .contains("no such parameter: property;");
  }

  @Test
  void pagesAskBeforeTheySendAnything() throws Exception {
    assertThat(send("OPTIONS", "/api/v1/stream?events=a&from=latest").statusCode()).isEqualTo(200);
  }
}
