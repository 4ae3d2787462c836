package weir.server.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.statements.RoleStatements;

class ApiPathTest {
  @TempDir Path folder;

  @Test
  void brokenPercentEncodingIsAnsweredOnEachRouteAndIsNoFailure() throws Exception {
    Map<String, String> wrong = new TreeMap<>();
    Path role = folder.resolve("query.json");
    try (KnownKeys keys = KnownKeys.create(folder, "shop");
        ApiServer api =
            ApiServer.start(
                new ApiServer.Options("127.0.0.1", 0, Optional.empty(), role, Duration.ZERO),
                keys.store(),
                new KnownEngine(),
                new KnownEvents(),
                new RoleStatements(role),
                () -> Instant.EPOCH)) {
      for (Route route : api.allRoutes()) {
        String path = route.template().replaceAll("\\{[a-z]+}", "%zz");
        String said =
            path.contains("%") ? said(api.port(), route.method() + " " + path) : "HTTP/1.1 400 ";
        if (!said.startsWith("HTTP/1.1 400 ")) {
          wrong.put(route.method() + " " + path, said);
        }
      }
      assertThat(said(api.port(), "GET /api/v1/consumers/no!name/events"))
          .as("what a handler throws at once")
          .startsWith("HTTP/1.1 400 ");
      for (String path : List.of("/api/v1/tables", "/metrics", "/stream/subscribe")) {
        assertThat(said(api.port(), "GET " + path + "?limit=%zz"))
            .as(path)
            .startsWith("HTTP/1.1 400 ");
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String said(int port, String request) {
    String head =
        request
            + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nConnection: close\r\n"
            + "Content-Length: 2\r\n\r\n{}";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
