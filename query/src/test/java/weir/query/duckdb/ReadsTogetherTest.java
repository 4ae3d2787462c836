package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.query.EventView;
import weir.query.QueryException;

/** Reading the rows of several files in chunks, side by side. */
final class ReadsTogetherTest {
  private static final int FILES = 3;
  private static final int ROWS = 200_000;

  @TempDir Path dir;

  private TestEngine engine;

  @BeforeEach
  void make() throws IOException {
    engine = new TestEngine(dir);
    for (int file = 0; file < FILES; file++) {
      engine
          .lake()
          .events(
              "SELECT 'e' AS event, CAST(i AS VARCHAR) AS event_id, TIMESTAMPTZ '2026-03-01 00:00:00+00'"
                  + " AS timestamp, timestamp AS received_at FROM range("
                  + file * ROWS
                  + ", "
                  + (file + 1) * ROWS
                  + ") rows(i)");
    }
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void read(String expression, EventView.ChunkHandler rows, List<Thread> threads)
      throws QueryException {
    engine.on(() -> {
      try (EventView view =
          engine.engine().events().view(TestLake.PROJECT, TestEngine.deadline())) {
        view.read(
            view.parts(),
            Set.of("event_id"),
            List.of(expression),
            "",
            () ->
                chunk -> {
                  synchronized (threads) {
                    if (!threads.contains(Thread.currentThread())) {
                      threads.add(Thread.currentThread());
                    }
                  }
                  rows.chunk(chunk);
                });
      }
      return "";
    });
  }

  @Test
  void eachRowIsReadOnceWithItsFileAndNumber() throws QueryException {
    Map<Long, Boolean> seen = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    read(
        "CAST(event_id AS BIGINT)",
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            long id = chunk.number(0, row);
            assertThat(chunk.number(1, row) * ROWS + chunk.number(2, row)).isEqualTo(id);
            assertThat(seen.put(id, true)).isNull();
          }
        },
        threads);
    assertThat(seen).hasSize(FILES * ROWS);
    assertThat(threads).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {ROWS - 1, FILES * ROWS - 1})
  void whatFailsOnItsWayIsNoAnswer(int failing) {
    AtomicLong rows = new AtomicLong();
    assertThatThrownBy(() ->
            read(
                "CAST(CASE WHEN event_id = '"
                    + failing
                    + "' THEN 'none' ELSE event_id END AS BIGINT)",
                chunk -> rows.addAndGet(chunk.rows()),
                new ArrayList<>()))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("engine failed");
    assertThat(rows.get()).isBetween(1L, FILES * ROWS - 1L);
  }

  @Test
  void itEndsWhenWhatTakesTheRowsFails() {
    assertThatThrownBy(() ->
            read(
                "CAST(event_id AS BIGINT)",
                chunk -> {
                  if (chunk.number(1, 0) == FILES - 1) {
                    throw new IllegalStateException("no room");
                  }
                },
                new ArrayList<>()))
        .hasMessageContaining("no room");
  }
}
