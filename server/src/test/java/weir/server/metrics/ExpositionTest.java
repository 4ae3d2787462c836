package weir.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpositionTest {
  @Test
  void samplesOfSeveralRolesStandUnderOneHeadEachWithItsRole() {
    String collect =
        """
        # HELP weir_a_total What a counts.
        # TYPE weir_a_total counter
        weir_a_total 1.0
        # HELP weir_b_bytes What b is.
        # TYPE weir_b_bytes gauge
        weir_b_bytes{kind="x y",le="1"} 2.0
        """;
    String engine =
        """
        # HELP weir_b_bytes What b is.
        # TYPE weir_b_bytes gauge
        weir_b_bytes{kind="{"} 3.0
        # HELP weir_a_total What a counts.
        # TYPE weir_a_total counter
        weir_a_total 4.0
        """;
    assertThat(new Exposition().add("collect", collect).add("engine", engine))
        .hasToString(
            """
            # HELP weir_a_total What a counts.
            # TYPE weir_a_total counter
            weir_a_total{role="collect"} 1.0
            weir_a_total{role="engine"} 4.0
            # HELP weir_b_bytes What b is.
            # TYPE weir_b_bytes gauge
            weir_b_bytes{role="collect",kind="x y",le="1"} 2.0
            weir_b_bytes{role="engine",kind="{"} 3.0
            """);
  }

  @Test
  void aProcessKnowsItself(@TempDir Path data) {
    PrometheusMeterRegistry registry = ProcessMetrics.registry(data);
    assertThat(registry.get("weir.process.heap.used").gauge().value()).isPositive();
    assertThat(registry.get("weir.disk.free").gauge().value()).isPositive();
    if (Path.of("/proc/self/status").toFile().exists()) {
      assertThat(registry.get("weir.process.resident").gauge().value()).isPositive();
    }
    assertThat(ResidentSize.of(Long.MAX_VALUE)).isZero();
  }
}
