package weir.lake.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.Position;
import weir.event.RawPosition;
import weir.lake.catalog.TableLayout;

class RowLoaderTest {
  private static final int ROWS = 60_000;
  private static final int NEW_COLUMN_EVERY = 1_000;

  private final MemoryRows rows = MemoryRows.events(TableLayout.EVENTS.columns());
  private final Set<String> known = new HashSet<>();

  /** Columns and memory grow while rows before them are copied. */
  @Test
  void copiesRowsWhileOthersAreAdded() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      RowLoader loader = RowLoader.register(connection);
      statement.execute("CREATE TABLE copy (number BIGINT)");
      CompletableFuture<Void> adding = CompletableFuture.runAsync(this::addAll);
      int to = 0;
      while (to < ROWS) {
        int next = Math.min(rows.rows(), to + 5_000);
        if (next > to) {
          List<MemoryRows.Column> columns = rows.columns();
          extend(statement, columns);
          loader.insert(connection, "copy", columns, "number", rows, to, next);
          to = next;
        }
      }
      adding.join();
      try (var counted =
          statement.executeQuery(
              "SELECT count(*), sum(number), sum(p_value), count(event_id), count(p_late_7),"
                  + " count(*) FILTER (event_id <> 'id-' || number) FROM copy")) {
        counted.next();
        assertThat(counted.getLong(1)).isEqualTo(ROWS);
        assertThat(counted.getLong(2)).isEqualTo((ROWS - 1L) * ROWS / 2);
        assertThat(counted.getDouble(3)).isEqualTo((ROWS - 1.0) * ROWS / 2);
        assertThat(counted.getLong(4)).isEqualTo(ROWS);
        assertThat(counted.getLong(5)).isEqualTo(NEW_COLUMN_EVERY);
        assertThat(counted.getLong(6)).isZero();
      }
    }
  }

  private void addAll() {
    for (int i = 0; i < ROWS; i++) {
      CleanEvent event =
          CleanEvent.builder()
              .set(EventColumn.EVENT, "e" + i % 7)
              .set(EventColumn.EVENT_ID, "id-" + i)
              .set(EventColumn.TIMESTAMP, (long) i)
              .set(EventColumn.ACTOR, "a" + i % 100)
              .properties(Map.of("p_value", (double) i, "p_late_" + i / NEW_COLUMN_EVERY, "x"))
              .build(new Origin("shop", "web", i, i, new RawPosition(i + 1L, 0)));
      rows.add(event, new Position(i + 1L));
    }
  }

  private void extend(Statement statement, List<MemoryRows.Column> columns) throws SQLException {
    for (MemoryRows.Column column : columns) {
      if (known.add(column.name())) {
        String type =
            switch (column.type()) {
              case STRING -> "VARCHAR";
              case DOUBLE -> "DOUBLE";
              case TIMESTAMP -> "TIMESTAMPTZ";
              case LONG -> "BIGINT";
              case INTEGER -> "INTEGER";
              case BOOLEAN -> "BOOLEAN";
            };
        statement.execute("ALTER TABLE copy ADD COLUMN \"" + column.name() + "\" " + type);
      }
    }
  }
}
