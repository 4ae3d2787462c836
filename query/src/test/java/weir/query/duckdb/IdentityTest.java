package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.ColumnType;
import weir.query.QueryException;

/** Persons in SQL, as identify and alias events in the lake make them. */
final class IdentityTest {
  private static final String PERSONS = "select event_id, person_id from events order by event_id";

  @TempDir Path dir;
  private TestEngine engine;
  private int sent;

  @BeforeEach
  void open() throws IOException {
    engine = new TestEngine(dir);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** An event in a file of its own. */
  private Path event(String event, String anonymous, String user, String properties) {
    sent++;
    String kind =
        switch (event) {
          case "identified" -> "'identify'";
          case "aliased" -> "'alias'";
          default -> "NULL::varchar";
        };
    String actor = user.isEmpty() ? anonymous : user;
    return engine
        .lake()
        .events(
            "SELECT '%s' AS event, %s AS kind, nullif('%s', '') AS anonymous_id,"
                    .formatted(event, kind, anonymous)
                + " nullif('%s', '') AS user_id, '%s' AS actor, nullif('%s', '') AS properties,"
                    .formatted(user, actor, properties)
                + " 'e%02d' AS event_id, '%016d-000000' AS _raw_position,".formatted(sent, sent)
                + " timestamptz '2026-01-01' + INTERVAL %d MINUTE AS timestamp,".formatted(sent)
                + " timestamptz '2026-01-01' AS received_at");
  }

  @Test
  void whatSomebodyDidBeforeIsThatPersonsToo() throws QueryException {
    event("Visited", "a1", "", "");
    assertThat(engine.rows(PERSONS)).containsExactly(List.of("e01", "a1"));
    event("identified", "a1", "u1", "");
    event("Bought", "", "u1", "");
    event("Visited", "a2", "", "");
    assertThat(engine.rows(PERSONS))
        .containsExactly(
            List.of("e01", "u1"), List.of("e02", "u1"), List.of("e03", "u1"), List.of("e04", "a2"));
    assertThat(engine.rows("select * from identities")).containsExactly(List.of("a1", "u1"));
    assertThat(engine.value("select count(distinct person_id) from events")).isEqualTo(2L);
    assertThat(engine.value("select count(*) from events e where e.person_id = 'u1'"))
        .isEqualTo(3L);
    assertThat(engine.rows("select person_id, events from sessions order by all"))
        .containsExactly(List.of("a2", 1L), List.of("u1", 3L));
  }

  @Test
  void whatAnErasedEventHasMergedIsApartAgain() throws QueryException {
    event("Visited", "a1", "", "");
    Path wrong = event("identified", "a1", "u1", "");
    event("identified", "a2", "u2", "");
    event("identified", "a1", "u3", "");
    assertThat(engine.rows("select * from identities order by 1"))
        .containsExactly(List.of("a1", "u1"), List.of("a2", "u2"));
    engine.lake().erase(wrong);
    assertThat(engine.rows("select * from identities order by 1"))
        .as("a1 has been u3's all along")
        .containsExactly(List.of("a1", "u3"), List.of("a2", "u2"));
    assertThat(engine.rows(PERSONS))
        .containsExactly(List.of("e01", "u3"), List.of("e03", "u2"), List.of("e04", "u3"));
  }

  @Test
  void anAliasNamesThePreviousId() throws QueryException {
    event("Visited", "old", "", "");
    event("aliased", "", "u1", "{\"previousId\":\"old\"}");
    assertThat(engine.rows(PERSONS)).containsExactly(List.of("e01", "u1"), List.of("e02", "u1"));
    event("aliased", "", "old", "{\"previousId\":\"old\"}");
    assertThat(engine.rows(PERSONS))
        .containsExactly(List.of("e01", "old"), List.of("e02", "u1"), List.of("e03", "old"));
    assertThat(engine.rows("select * from identities")).isEmpty();
  }

  @Test
  void usersHaveTheirNewestTraits() throws QueryException {
    engine.lake().property("plan", ColumnType.STRING).property("email", ColumnType.STRING);
    event("Visited", "a1", "", "");
    identified("a1", "u1", "'free'", "'u1@shop.example'");
    identified("a1", "u1", "'paid'", "NULL::varchar");
    event("Visited", "a2", "", "");
    assertThat(
            engine.rows(
                "select person_id, user_id, events, plan, email, first_seen < last_seen"
                    + " from users order by 1"))
        .containsExactly(
            Arrays.asList("a2", null, 1L, null, null, false),
            List.of("u1", "u1", 3L, "paid", "u1@shop.example", true));
    assertThat(
            engine.rows(
                "select u.plan, count(*) from events e join users u using (person_id)"
                    + " where e.event = 'Visited' group by all order by all"))
        .containsExactly(List.of("paid", 1L), Arrays.asList(null, 1L));
  }

  private void identified(String anonymous, String user, String plan, String email) {
    sent++;
    engine
        .lake()
        .events(
            "SELECT 'identified' AS event, 'identify' AS kind, '%s' AS anonymous_id, '%s' AS user_id,"
                    .formatted(anonymous, user)
                + " '%s' AS actor, %s AS p_plan, %s AS p_email,".formatted(user, plan, email)
                + " 'e%02d' AS event_id, '%016d-000000' AS _raw_position,".formatted(sent, sent)
                + " timestamptz '2026-01-01' + INTERVAL %d MINUTE AS timestamp,".formatted(sent)
                + " timestamptz '2026-01-01' AS received_at");
  }

  @Test
  void aSharedDeviceMergesNoUsers() throws QueryException {
    event("Visited", "tablet", "", "");
    event("identified", "tablet", "ann", "");
    event("identified", "tablet", "bob", "");
    event("aliased", "", "bob", "{\"previousId\":\"ann\"}");
    assertThat(engine.rows(PERSONS))
        .containsExactly(
            List.of("e01", "ann"),
            List.of("e02", "ann"),
            List.of("e03", "bob"),
            List.of("e04", "bob"));
  }
}
