package weir.server.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.statements.RoleStatements;

/** Heads that two servers may read differently are refused, and what follows them is not read. */
class ApiFramingTest {
  private static final Pattern ANSWER = Pattern.compile("HTTP/1[.]1 [0-9]{3}");
  private static final String INNER = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

  @TempDir Path folder;

  @Test
  void unclearRequestsAreRefusedAndNothingAfterThemIsRead() throws Exception {
    Map<String, String> wrong = new LinkedHashMap<>();
    try (KnownKeys keys = KnownKeys.create(folder, "shop");
        ApiServer api =
            ApiServer.start(
                new ApiServer.Options(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    folder.resolve("query.json"),
                    Duration.ofSeconds(1)),
                keys.store(),
                new KnownEngine(),
                new KnownEvents(),
                new RoleStatements(folder.resolve("query.json")),
                () -> Instant.EPOCH)) {
      for (String head :
          List.of(
              "Transfer-Encoding: xchunked\r\nContent-Length: 0",
              "Transfer-Encoding: identity\r\nContent-Length: 0",
              "Transfer-Encoding: gzip, chunked",
              "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
              "Content-Length: 5\r\nTransfer-Encoding: chunked",
              "Transfer-Encoding : chunked",
              "Content-Length: 0\r\nContent-Length: 37",
              "Content-Length: +0",
              "Host: b",
              "Host: a")) {
        String said =
            said(api.port(), "POST /api/v1/query HTTP/1.1\r\nHost: a\r\n" + head + "\r\n\r\n");
        if (!said.startsWith("HTTP/1.1 400 ") || ANSWER.matcher(said).results().count() != 1) {
          wrong.put(head, said);
        }
      }
      assertThat(wrong).isEmpty();
      assertThat(said(api.port(), "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  /** All that is answered until the connection ends. */
  private static String said(int port, String head) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((head + "0\r\n\r\n" + INNER).getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
