package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.cli.WeirCommand;
import weir.testkit.TestData;

/** Files brought into a real Weir by its command. */
class ImportTest {
  @TempDir Path temp;

  @Test
  void halfAYearOfJourneysIsThereOnceHoweverOftenItIsImported() throws Exception {
    Path source = TestData.folder("ecom-journeys").resolve("ecom.csv.gz");
    Path file = Files.copy(source, temp.resolve("ecom.csv.gz"));
    Path data = temp.resolve("data");
    try (RunningWeir weir = RunningWeir.start(data)) {
      assertThat(importing(file, data)).isZero();
      weir.awaitNumber("select count(*) from events", 31_106);
      assertThat(importing(file, data)).isZero();
      weir.awaitNumber("select coalesce(sum(duplicate), 0) from ledger", 31_106);
      assertThat(weir.number("select count(*) from events")).isEqualTo(31_106);
      assertThat(weir.number("select count(distinct user_id) from events")).isEqualTo(600);
      assertThat(weir.query("select min(timestamp), max(timestamp) from events").get(0).toString())
          .contains("2024-01-04T11:45:38", "2024-06-29T22:02:40");
      assertThat(weir.number("select count(*) from bad_events")).isZero();
    }
  }

  @Test
  void everyKindOfFileBecomesEvents() throws Exception {
    Path data = temp.resolve("data");
    Path csv =
        Files.writeString(
            temp.resolve("orders.csv"),
            """
            customer;when;total;note
            ann;31/01/2024 10:00;12.5;"first; quoted
            over two lines"
            bob;31/01/2024 11:00;7;
            bob;31/01/2024 11:00;7;
            cid;yesterday;7;
            """);
    Path ndjson =
        Files.writeString(
            temp.resolve("log.ndjson"),
            """
            {"action":"login","user":"ann","ts":1706695200000,"ok":true,"tries":2}
            {"action":"login","user":"ann","ts":
            {"action":"logout","user":"bob","ts":1706698800000}
            """);
    Path array =
        Files.writeString(
            temp.resolve("calls.json"),
            """
            [{"type":"track","event":"Seen","userId":"ann","timestamp":"2024-01-31T10:00:00Z"},
             {"type":"page","name":"Home","anonymousId":"x","timestamp":"2024-01-31T10:00:01Z"}]
            """);
    try (RunningWeir weir = RunningWeir.start(data)) {
      assertThat(
              importing(
                  csv,
                  data,
                  "--event",
                  "Order",
                  "--user-column",
                  "customer",
                  "--time-column",
                  "when",
                  "--time-format",
                  "dd/MM/yyyy HH:mm",
                  "--time-zone",
                  "Europe/Berlin"))
          .isEqualTo(1);
      assertThat(importing(ndjson, data)).isEqualTo(1);
      assertThat(importing(array, data)).isZero();
      weir.awaitNumber("select count(*) from events", 7);
      assertThat(
              weir.query("select sum(total), count(*), min(timestamp) from order_event").toString())
          .contains("26.5", "3", "2024-01-31T09:00:00");
      assertThat(weir.number("select count(*) from login where ok and tries = 2")).isEqualTo(1);
    }
  }

  private static int importing(Path file, Path data, String... options) {
    String[] arguments = new String[options.length + 4];
    arguments[0] = "import";
    arguments[1] = file.toString();
    arguments[2] = "--data";
    arguments[3] = data.toString();
    System.arraycopy(options, 0, arguments, 4, options.length);
    return WeirCommand.execute(arguments);
  }
}
