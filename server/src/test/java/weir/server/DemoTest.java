package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.cli.WeirCommand;

/** The demonstrations, into a Weir that runs and into one of its own. */
class DemoTest {
  @TempDir Path temp;

  @Test
  void aShopIsPlayed() throws Exception {
    Path data = temp.resolve("data");
    try (RunningWeir weir = RunningWeir.start(data)) {
      assertThat(play(data, "--days", "3", "--visits", "40")).isZero();
      weir.awaitNumber(
          "select count(*) > 50 from events where timestamp < now() - interval 1 day", 1);
      weir.awaitNumber(
          "select count(*) > 5 from events where received_at - timestamp < interval 1 minute", 1);
      assertThat(weir.number("select count(distinct kind) from events")).isGreaterThan(4);
      long history = weir.number("select count(*) from events where timestamp < current_date");
      assertThat(play(data, "--days", "3", "--visits", "40")).isZero();
      weir.awaitNumber("select sum(duplicate) >= " + history + " from ledger", 1);
      assertThat(weir.number("select count(*) from events where timestamp < current_date"))
          .isEqualTo(history);
    }
  }

  @Test
  void dinersArePlayed() throws Exception {
    Path data = temp.resolve("data");
    try (RunningWeir weir = RunningWeir.start(data)) {
      assertThat(play(data, "menu", "--days", "1", "--to", "2026-03-01", "--visits", "20"))
          .isZero();
      weir.awaitNumber("select count(*) > 100 from events where timestamp < date '2026-03-02'", 1);
      weir.awaitNumber("select count(*) > 5 from events where timestamp > date '2026-03-02'", 1);
      weir.awaitNumber("select count(distinct p_restaurant) from events", 2);
      assertThat(
              weir.number(
                  "select count(*) from events where country is null or device_type <> 'mobile'"))
          .isZero();
    }
  }

  @Test
  void itStartsAWeirWhereNoneRunsAndStopsItAgain() throws Exception {
    Path data = temp.resolve("own");
    assertThat(play(data, "--days", "0", "--port", "0", "--api-port", "0")).isZero();
    try (RunningWeir weir = RunningWeir.start(data)) {
      weir.awaitNumber("select count(*) > 5 from events", 1);
    }
  }

  @Test
  void itSaysWhetherItGoesOn() throws Exception {
    Path data = temp.resolve("data");
    try (RunningWeir weir = RunningWeir.start(data)) {
      String past = said("menu", "--data", data.toString(), "--days", "1", "--for", "0");
      assertThat(past).contains(" events were sent").doesNotContain("open at", "Ctrl-C");
      weir.awaitNumber("select count(*) > 0 from events", 1);
      assertThat(said("menu", "--data", data.toString(), "--days", "0", "--for", "1"))
          .contains("a second, for 1 second. Ctrl-C ends it sooner.");
    }
    assertThat(said("--data", data.toString(), "--for", "-1")).contains("--for: 0 or more");
  }

  private static String said(String... arguments) {
    List<String> all = new ArrayList<>(List.of("demo"));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    WeirCommand.execute(printer, printer, all.toArray(new String[0]));
    return out.toString();
  }

  private static int play(Path data, String... more) {
    String[] arguments = new String[more.length + 7];
    System.arraycopy(
        new String[] {"demo", "--data", data.toString(), "--speed", "100", "--for", "4"},
        0,
        arguments,
        0,
        7);
    System.arraycopy(more, 0, arguments, 7, more.length);
    return WeirCommand.execute(arguments);
  }
}
