package weir.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void numbersStandRightAndTheRestLeft() throws IOException {
    assertThat(
            TextTable.of(
                JSON.readTree(
                    "[{\"name\":\"event\",\"type\":\"VARCHAR\"},{\"name\":\"n\",\"type\":\"BIGINT\"}]"),
                JSON.readTree("[[\"Order Completed\",12],[\"a\\nb\",null],[null,3]]")))
        .isEqualTo(
            """
            event             n
            ---------------  --
            Order Completed  12
            a\\nb
                              3
            (3 rows)
            """);
  }

  @Test
  void longValuesAreCut() throws IOException {
    String long100 = "x".repeat(100);
    String table =
        TextTable.of(
            JSON.readTree("[{\"name\":\"v\",\"type\":\"VARCHAR\"}]"),
            JSON.readTree("[[\"" + long100 + "\"]]"));
    assertThat(table).contains("x".repeat(77) + "...\n").doesNotContain(long100);
  }
}
