package weir.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.Configuration;
import weir.config.ConfigurationLoader;
import weir.config.Settings;

class DoctorTest {
  @TempDir Path temp;

  private Configuration settings(int port) throws Exception {
    return ConfigurationLoader.load(
        null,
        Map.of(),
        Map.of(
            "--data",
            new ConfigurationLoader.Option(Settings.DATA, temp.resolve("data").toString()),
            "--port",
            new ConfigurationLoader.Option(Settings.COLLECT_PORT, Integer.toString(port)),
            "--api-port",
            new ConfigurationLoader.Option(Settings.API_PORT, "0")));
  }

  private Finding find(List<Finding> findings, String subject) {
    return findings.stream().filter(f -> f.subject().equals(subject)).findFirst().orElseThrow();
  }

  @Test
  void whatIsWellIsSaidAndNothingIsLeftBehind() throws Exception {
    List<Finding> findings =
        Doctor.examine(settings(0), () -> Instant.parse("2026-11-21T00:00:00Z"), System::nanoTime);
    assertThat(findings).extracting(Finding::subject).contains("java", "fsync", "disk space");
    assertThat(find(findings, "java").level()).isEqualTo(Finding.Level.OK);
    assertThat(find(findings, "clock").level()).isEqualTo(Finding.Level.OK);
    assertThat(find(findings, "data directory").found()).contains("can be made");
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aPortInUseAndAWrongClockFail() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Finding> findings =
          Doctor.examine(
              settings(taken.getLocalPort()),
              () -> Instant.parse("1970-01-01T00:00:09Z"),
              System::nanoTime);
      Finding port = find(findings, "port of the collector");
      assertThat(port.level()).isEqualTo(Finding.Level.FAIL);
      assertThat(port.advice()).contains("collect.port");
      assertThat(find(findings, "clock").level()).isEqualTo(Finding.Level.FAIL);
    }
  }

  @Test
  void figuresAreJudged() {
    assertThat(DiskCheck.syncs(new double[] {1, 2, 3}).level()).isEqualTo(Finding.Level.OK);
    assertThat(DiskCheck.syncs(new double[] {50, 60}).advice()).contains("SSD");
    assertThat(DiskCheck.syncs(new double[] {0.001}).advice()).contains("power cut");
    assertThat(DiskCheck.fileSystem("tmpfs").level()).isEqualTo(Finding.Level.FAIL);
    assertThat(DiskCheck.fileSystem("nfs4").level()).isEqualTo(Finding.Level.WARN);
    assertThat(DiskCheck.fileSystem("ext4").level()).isEqualTo(Finding.Level.OK);
    assertThat(MachineCheck.java(21).advice()).contains("JDK 25");
    assertThat(MachineCheck.memory(1L << 30, 1).level()).isEqualTo(Finding.Level.FAIL);
    assertThat(MachineCheck.memory(4L << 30, 5L << 30).level()).isEqualTo(Finding.Level.WARN);
    assertThat(MachineCheck.files(1_000, 10).level()).isEqualTo(Finding.Level.FAIL);
    assertThat(MachineCheck.files(4_096, 20_000).level()).isEqualTo(Finding.Level.WARN);
  }
}
