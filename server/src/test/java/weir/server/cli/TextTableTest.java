package weir.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
    assertThat(table)
        .contains("x".repeat(77) + "...\n(1 row)\n(what is wider than 80 characters is cut)\n")
        .doesNotContain(long100);
  }

  @Test
  void onlyWhatIsCutIsSaidToBe() throws IOException {
    JsonNode columns = JSON.readTree("[{\"name\":\"v\",\"type\":\"VARCHAR\"}]");
    String dots = "[[\"and so on...\"],[\"" + "x".repeat(77) + "...\"]]";
    assertThat(TextTable.of(columns, JSON.readTree(dots), "; elsewhere"))
        .endsWith("...\n(2 rows)\n");
    assertThat(
            TextTable.of(columns, JSON.readTree("[[\"" + "x".repeat(81) + "\"]]"), "; elsewhere"))
        .endsWith("(what is wider than 80 characters is cut; elsewhere)\n");
  }

  @Test
  void wideCharactersAreCountedAsTheTerminalShowsThem() throws IOException {
    String table =
        TextTable.of(
            JSON.readTree(
                "[{\"name\":\"名\",\"type\":\"VARCHAR\"},{\"name\":\"n\",\"type\":\"BIGINT\"}]"),
            JSON.readTree("[[\"東京\",1],[\"e\u0301\",2],[\"ab\",3]]"));
    assertThat(table).isEqualTo("名    n\n----  -\n東京  1\ne\u0301     2\nab    3\n(3 rows)\n");
  }

  @Test
  void valuesCannotSteerTheTerminal() throws IOException {
    String table =
        TextTable.of(
            JSON.readTree("[{\"name\":\"v\",\"type\":\"VARCHAR\"}]"),
            JSON.readTree("[[\"a\\u001b[31mb\"],[\"\u202eabc\"],[\"" + "東".repeat(50) + "\"]]"));
    assertThat(table)
        .contains("a\\u001b[31mb\n", "\\u202eabc\n", "東".repeat(38) + "...\n")
        .doesNotContain("\u001b");
  }
}
