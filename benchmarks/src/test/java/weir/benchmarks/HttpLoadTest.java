package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.ChildProcess;

class HttpLoadTest {
  @TempDir Path directory;

  @Test
  void answersAreCountedByStatus() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    List<String> echo =
        ChildProcess.java(List.of("-Xmx128m"), EchoServer.class.getName(), Integer.toString(port));
    byte[] right = HttpLoad.post("/v1/track", "key", bytes("{\"event\":\"e\"}"));
    byte[] wrong = HttpLoad.post("/v1/track", "key", bytes("{\"event\":"));
    try (ChildProcess child = ChildProcess.start(echo, directory)) {
      child.awaitLine(line -> line.startsWith("listening"), Duration.ofSeconds(30));
      InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (HttpLoad load = new HttpLoad(target, 8, List.of(right, wrong), System::nanoTime)) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> load.run(Duration.ofMillis(300)).answered() > 100);
        HttpLoad.Result result = load.run(Duration.ofMillis(500));
        assertThat((double) result.refused() / result.answered()).isBetween(0.9, 1.1);
        assertThat(result.median()).isPositive().isLessThanOrEqualTo(result.p99());
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
