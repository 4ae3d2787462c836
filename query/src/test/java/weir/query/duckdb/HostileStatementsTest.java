package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.query.Access;
import weir.query.QueryError;
import weir.query.duckdb.HostileWorld.Seen;
import weir.query.postgres.PostgresSql;
import weir.testkit.hostile.HostileGrammar;
import weir.testkit.hostile.HostileStatements;
import weir.testkit.hostile.HostileStatements.Outcome;
import weir.testkit.hostile.HostileStatements.Statement;

/**
 * What users of one project must not reach with any statement: another project's rows and names,
 * files, settings, the machine; and nobody else's query ends or lies because of one.
 */
class HostileStatementsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Set<QueryError> ENDS_OF_MULTIPLIED =
      EnumSet.of(QueryError.QUERY_TIMEOUT, QueryError.OUT_OF_MEMORY, QueryError.RESULT_TOO_LARGE);

  @TempDir static Path dir;
  private static HostileWorld world;
  private static Neighbour neighbour;

  @BeforeAll
  static void open() throws Exception {
    world = new HostileWorld(dir);
    neighbour = new Neighbour(world);
  }

  @AfterAll
  static void close() throws Exception {
    neighbour.close();
    world.close();
  }

  static Stream<String> groups() {
    return HostileStatements.all().stream()
        .filter(statement -> statement.outcome() != Outcome.BOUNDED)
        .map(Statement::group)
        .distinct();
  }

  @Test
  void thereAreManyOfThem() {
    assertThat(HostileStatements.all().stream().map(Statement::sql).distinct().count())
        .isEqualTo(HostileStatements.all().size())
        .isGreaterThan(600);
  }

  /** That the tests below could fail. */
  @Test
  void leaksAreNoticed() {
    assertThat(ask(Access.to(HostileWorld.OWN), "from events").text())
        .contains(HostileWorld.OWN_WORD, HostileWorld.HIDDEN_WORD);
    assertThat(ask(HostileWorld.LIMITED, "from events").text()).contains(HostileWorld.OWN_WORD);
    for (String leaking :
        List.of(
            "from events",
            "select to_hex(user_id) from events",
            "select reverse(user_id) from events",
            "select user_id::int from events",
            "select user_id::blob from events",
            "select '" + world.places("").get("lake") + "'",
            "from nosuch")) {
      for (String project : List.of(HostileWorld.OWN, HostileWorld.OTHER)) {
        Seen seen = ask(Access.to(project), leaking);
        assertThat(world.leaks(HostileWorld.LIMITED, "", seen)).as(leaking).isNotEmpty();
      }
    }
  }

  /** Who asks, and the word of what they must not see. */
  private record Asker(Access access, String word) {}

  private static final List<Asker> ASKERS =
      List.of(
          new Asker(Access.to(HostileWorld.OWN), HostileWorld.OTHER_WORD),
          new Asker(HostileWorld.LIMITED, HostileWorld.HIDDEN_WORD));

  private static Seen ask(Access access, String sql) {
    return world.run(access, sql, false, PATIENCE);
  }

  private static Seen askAsClient(Access access, String sql) {
    return world.run(access, PostgresSql.translate(sql, List.of()).text(), true, PATIENCE);
  }

  @ParameterizedTest
  @MethodSource("groups")
  void aStatementShowsItsRowsAlone(String group) throws IOException {
    Map<Path, String> before = world.files();
    List<String> faults = new ArrayList<>();
    for (Statement statement : HostileStatements.all()) {
      for (Asker asker : statement.group().equals(group) ? ASKERS : List.<Asker>of()) {
        String sql = statement.sql(world.places(asker.word()));
        Outcome ofSql = statement.outcome();
        Outcome ofClients = ofSql == Outcome.POSTGRES ? Outcome.OWN : ofSql;
        faults(faults, asker, ofSql, sql, ask(asker.access(), sql));
        if (asker.access().limit().isEmpty() || statement.group().equals("clients")) {
          faults(faults, asker, ofClients, sql, askAsClient(asker.access(), sql));
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(world.files()).isEqualTo(before);
    neighbour.check();
  }

  /** Asked for what others have, an answer is the same as when asked for what nobody has. */
  @Test
  void anAnswerDoesNotTellWhatOthersHave() {
    List<String> faults = new ArrayList<>();
    int told = 0;
    for (Statement statement : HostileStatements.all()) {
      String places = statement.sql();
      boolean asks =
          places.contains("@{prefix}")
              || places.contains("@{other_event}")
              || places.contains("@{other_user}");
      for (Asker asker : asks ? ASKERS : List.<Asker>of()) {
        String sql = statement.sql(world.places(asker.word()));
        String absent = statement.sql(world.places(HostileWorld.ABSENT_WORD));
        Seen seen = ask(asker.access(), sql);
        Seen none = ask(asker.access(), absent);
        String text = seen.text().replace(asker.word(), HostileWorld.ABSENT_WORD);
        if (seen.error() != none.error() || !text.equals(none.text())) {
          faults.add("%s: %s, but %s: %s".formatted(sql, seen, absent, none));
        }
        told++;
      }
    }
    assertThat(faults).isEmpty();
    assertThat(told).isGreaterThan(20);
  }

  /**
   * Hidden in other statements they come to nothing else. A sample by seed, which {@code
   * -Dweir.seed} sets; with {@code -Dweir.hostile=all} each statement in each way.
   */
  @Test
  void aDisguiseChangesNothing() throws IOException {
    Map<Path, String> before = world.files();
    long seed = Long.getLong("weir.seed", 20261122);
    Random random = new Random(seed);
    Disguises disguises = new Disguises(random.nextLong());
    boolean all = "all".equals(System.getProperty("weir.hostile"));
    List<String> faults = new ArrayList<>();
    for (Statement statement : HostileStatements.all()) {
      if (statement.outcome() == Outcome.BOUNDED) {
        continue;
      }
      Asker asker = ASKERS.get(random.nextInt(4) / 3);
      String sql = statement.sql(world.places(asker.word()));
      for (int way = 0; way < (all ? Disguises.ways() : 0); way++) {
        hidden(faults, asker, statement, Disguises.around(way, sql));
      }
      for (int i = 0; i < (all ? 20 : 1); i++) {
        hidden(faults, asker, statement, disguises.hide(sql));
      }
    }
    assertThat(faults).as("seed " + seed).isEmpty();
    assertThat(world.files()).isEqualTo(before);
    neighbour.check();
  }

  /**
   * Made by a grammar, a sample by seed; with {@code -Dweir.hostile=all} a thousand for every
   * asker, over both doors.
   */
  @Test
  void whatAGrammarMakesShowsItsRowsAlone() throws IOException {
    Map<Path, String> before = world.files();
    long seed = Long.getLong("weir.seed", 20261130);
    boolean all = "all".equals(System.getProperty("weir.hostile"));
    List<String> faults = new ArrayList<>();
    int number = 0;
    for (String places : HostileGrammar.statements(all ? 1_000 : 120, seed)) {
      Statement statement = new Statement("grammar", Outcome.OWN, places);
      for (Asker asker : all ? ASKERS : List.of(ASKERS.get(number++ % 2))) {
        String sql = statement.sql(world.places(asker.word()));
        hidden(faults, asker, statement, sql);
        if (all || number % 3 == 0) {
          faults(faults, asker, Outcome.OWN, sql, askAsClient(asker.access(), sql));
        }
      }
    }
    assertThat(faults).as("seed " + seed).isEmpty();
    assertThat(world.files()).isEqualTo(before);
    neighbour.check();
  }

  /**
   * Some of them the engine fails to plan, and says so. Some multiply a statement with itself until
   * it is stopped: also an end that shows nothing.
   */
  private static void hidden(List<String> faults, Asker asker, Statement statement, String sql) {
    Seen seen = ask(asker.access(), sql);
    boolean stopped =
        seen.error() != null
            && statement.outcome() == Outcome.OWN
            && ENDS_OF_MULTIPLIED.contains(seen.error());
    boolean mayEnd = stopped || seen.error() == QueryError.INTERNAL;
    faults(
        faults,
        asker,
        statement.outcome(),
        sql,
        mayEnd ? new Seen(seen.text(), QueryError.INVALID_SQL) : seen);
  }

  private static void faults(
      List<String> faults, Asker asker, Outcome expected, String sql, Seen seen) {
    boolean refused =
        seen.error() == QueryError.NOT_ALLOWED || seen.error() == QueryError.INVALID_SQL;
    boolean mayRun = expected == Outcome.OWN;
    boolean right = refused || (mayRun && seen.error() == null);
    List<String> leaks = world.leaks(asker.access(), sql, seen);
    if (!right || !leaks.isEmpty()) {
      String text = seen.text();
      faults.add(
          "\n%s (%s)\n  came to %s, shows %s: %s"
              .formatted(
                  sql,
                  asker.word(),
                  seen.error(),
                  leaks,
                  text.substring(0, Math.min(500, text.length()))));
    }
  }
}
