package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements about persons whose events take more memory than a statement may have. */
class ManyPersonsTest {
  private static final int EVENTS = 1_500_000;

  @TempDir Path dir;

  private static String events(int first, int end) {
    return "SELECT 'seen' AS event, 'track' AS kind, concat('e', i) AS event_id,"
        + " TIMESTAMPTZ '2026-03-01 00:00:00+00' + INTERVAL 1 MILLISECOND * i AS timestamp,"
        + " timestamp AS received_at,"
        + " concat('a visitor who is known by a long name of forty letters ', hash(i) % 700000)"
        + " AS actor FROM range("
        + first
        + ", "
        + end
        + ") rows(i)";
  }

  @Test
  void aMergedActorIsLookedUpWithoutKeepingAllEvents() throws Exception {
    try (TestEngine engine = new TestEngine(dir, 64L << 20)) {
      for (int file = 0; file < 3; file++) {
        engine.lake().events(events(file * EVENTS / 3, (file + 1) * EVENTS / 3));
      }
      engine
          .lake()
          .events(
              "SELECT 'identified' AS event, 'identify' AS kind, 'i' AS event_id,"
                  + " TIMESTAMPTZ '2026-03-02 00:00:00+00' AS timestamp, timestamp AS received_at,"
                  + " 'u' AS actor, 'a' AS anonymous_id, 'u' AS user_id, '1' AS _raw_position");
      String sorted =
          "SELECT count(*) AS n, count(DISTINCT person_id) AS persons FROM"
              + " (SELECT person_id, timestamp, row_number() OVER (ORDER BY person_id, timestamp)"
              + " AS place FROM events WHERE event IN ('seen', 'clicked')) WHERE place > 0";
      assertThat(engine.rows(sorted).getFirst().getFirst()).isEqualTo((long) EVENTS);
      assertThat(engine.value("SELECT person_id FROM events WHERE actor = 'u'")).isEqualTo("u");
    }
  }
}
