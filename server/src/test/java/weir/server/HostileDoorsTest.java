package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.HostileDoors.Asker;
import weir.server.HostileDoors.Door;
import weir.server.HostileDoors.Seen;
import weir.testkit.hostile.HostileRequests;
import weir.testkit.hostile.HostileStatements;
import weir.testkit.hostile.HostileStatements.Outcome;
import weir.testkit.hostile.HostileStatements.Statement;

/**
 * Hostile statements over the doors that users have, with a limited and an unlimited key, while
 * another project asks. A sample by seed, which {@code -Dweir.seed} sets; with {@code
 * -Dweir.hostile=all} 1,200 of them, each by both keys at each door.
 */
class HostileDoorsTest {
  private static final boolean ALL = "all".equals(System.getProperty("weir.hostile"));
  private static final long SEED = Long.getLong("weir.seed", 20261214);

  /** What a statement may come to: it is refused, or ended, and says so. */
  private static final Set<String> OVER_HTTP =
      Set.of(
          "",
          "invalid_sql",
          "invalid_request",
          "not_allowed",
          "out_of_memory",
          "result_too_large",
          "query_timeout",
          "statement_too_expensive");

  /** Classes of SQLSTATEs that blame the statement, or say that it was ended. */
  private static final Set<String> OVER_POSTGRES =
      Set.of("", "0A", "08", "22", "25", "26", "34", "3B", "42", "53", "54", "57");

  @TempDir static Path dir;
  private static HostileDoors doors;
  private static HostileNeighbour neighbour;
  private static Asker unlimited;
  private static Asker limited;

  @BeforeAll
  static void open() throws IOException {
    doors = new HostileDoors(dir);
    unlimited = doors.unlimited();
    limited = doors.limited();
    neighbour = new HostileNeighbour(doors);
  }

  @AfterAll
  static void close() {
    neighbour.close();
    doors.close();
  }

  /** That the tests below could fail. */
  @Test
  void leaksAreNoticed() throws IOException {
    for (Door door : Door.values()) {
      String sql = "select * from events";
      Seen all = doors.ask(unlimited, door, sql);
      assertThat(all.text()).contains(HostileDoors.OWN_WORD, HostileDoors.HIDDEN_WORD);
      assertThat(doors.leaks(unlimited, sql, all)).isEmpty();
      assertThat(doors.leaks(limited, sql, all)).isNotEmpty();
      Seen some = doors.ask(limited, door, sql);
      assertThat(some.text()).contains(HostileDoors.OWN_WORD);
      assertThat(doors.leaks(limited, sql, some)).isEmpty();
    }
  }

  @Test
  void noStatementReadsWritesOrStallsWhatItMayNot() throws IOException {
    Map<Path, String> before = doors.files();
    List<String> faults = new ArrayList<>();
    Map<String, Integer> ends = new TreeMap<>();
    int number = 0;
    for (String sql : HostileRequests.statements(ALL ? 1_200 : 60, SEED)) {
      Statement statement = new Statement("request", Outcome.OWN, sql);
      for (Asker asker : List.of(unlimited, limited)) {
        for (Door door : Door.values()) {
          if (ALL || number++ % 4 == 0) {
            ask(asker, door, statement, faults, ends);
          }
        }
      }
    }
    neighbour.check();
    System.out.println("seed " + SEED + ": " + ends + "; the neighbour " + neighbour);
    assertThat(faults).as("seed " + SEED).isEmpty();
    assertThat(doors.files()).isEqualTo(before);
    assertThat(doors.rows(doors.unlimited())).isEqualTo(2L * HostileDoors.EVENTS);
    assertThat(doors.rows(doors.limited())).isEqualTo(HostileDoors.EVENTS);
  }

  /** Each by a key that has not ended a process before, so that none waits for what it did. */
  @Test
  void whatMustBeEndedEndsNobodyElse() throws IOException {
    List<Statement> bombs =
        HostileStatements.all().stream().filter(each -> each.outcome() == Outcome.BOUNDED).toList();
    List<String> faults = new ArrayList<>();
    Map<String, Integer> ends = new TreeMap<>();
    int every = ALL ? 1 : bombs.size() / 4;
    for (int i = 0; i < bombs.size() / every; i++) {
      Asker asker = i % 2 == 0 ? doors.limited() : doors.unlimited();
      ask(asker, Door.values()[i % 3], bombs.get(i * every), faults, ends);
    }
    neighbour.check();
    System.out.println("bombs: " + ends + "; the neighbour " + neighbour);
    assertThat(faults).isEmpty();
  }

  private static void ask(
      Asker asker, Door door, Statement statement, List<String> faults, Map<String, Integer> ends)
      throws IOException {
    String sql = statement.sql(doors.places(asker.word()));
    Seen seen = doors.ask(asker, door, sql);
    boolean known =
        door == Door.HTTP
            ? OVER_HTTP.contains(seen.code())
            : OVER_POSTGRES.contains(seen.code().substring(0, Math.min(2, seen.code().length())));
    List<String> leaks = doors.leaks(asker, sql, seen);
    ends.merge(door + " " + (seen.code().isEmpty() ? "answered" : seen.code()), 1, Integer::sum);
    if (!known || !leaks.isEmpty()) {
      String text = seen.text().substring(0, Math.min(400, seen.text().length()));
      faults.add(
          "\n%s, %s: %s\n  came to %s, shows %s: %s"
              .formatted(door, asker.limited(), sql, seen.code(), leaks, text));
    }
  }
}
