package weir.server.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.directory.RoleFile;
import weir.server.statements.RoleStatements;

/** A query process that ends in the midst of an answer. */
class BrokenAnswerTest {
  private static final String QUERY =
      "POST /api/v1/insights/trend HTTP/1.1\r\n"
          + "Host: weir\r\nAuthorization: Bearer good\r\nContent-Length: 2\r\n\r\n{}";
  private static final String HALF =
      "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "6\r\na,b\r\n1\r\n";

  @TempDir Path folder;

  @Test
  void halfOfAnAnswerIsNotEndedAsIfItWereTheWhole() throws Exception {
    Path role = folder.resolve("query.json");
    try (ServerSocket process = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        KnownKeys keys = KnownKeys.create(folder, "shop");
        ApiServer api =
            ApiServer.start(
                new ApiServer.Options(
                    "127.0.0.1", 0, Optional.empty(), role, Duration.ofSeconds(60)),
                keys.store(),
                new KnownEngine(),
                new KnownEvents(),
                new RoleStatements(role),
                Instant::now);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      new RoleFile(1, process.getLocalPort(), 1, "t").publish(role);
      client.setSoTimeout(60_000);
      client.getOutputStream().write(QUERY.getBytes(UTF_8));
      try (Socket asked = process.accept()) {
        asked.getInputStream().readNBytes(50);
        asked.getOutputStream().write(HALF.getBytes(UTF_8));
      }
      assertThat(all(client)).contains("a,b").doesNotContain("0\r\n\r\n");
    }
  }

  private static String all(Socket client) {
    StringBuilder all = new StringBuilder();
    try {
      for (int next = client.getInputStream().read();
          next >= 0;
          next = client.getInputStream().read()) {
        all.append(new String(new byte[] {(byte) next}, ISO_8859_1));
      }
    } catch (IOException e) {
      all.append(" [cut off]");
    }
    return all.toString();
  }
}
