package weir.process;

import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import weir.event.Position;
import weir.event.RawPosition;

/** Keeps, beside the clean log, what a clean log that was released up to there would have said. */
final class ProcessPosition {
  private final Jdbi jdbi;

  ProcessPosition(MetaDatabase database) {
    this.jdbi = database.jdbi();
  }

  /**
   * The clean log before a position decides the raw events up to another.
   *
   * @param clean the position after a clean frame
   * @param raw the raw event that this frame decides
   */
  record Stamp(Position clean, RawPosition raw) {}

  Optional<Stamp> read() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT clean_position, raw_position, raw_index FROM process_position")
            .map((row, context) ->
                new Stamp(
                    new Position(row.getLong(1)), new RawPosition(row.getLong(2), row.getInt(3))))
            .findOne());
  }

  void write(Stamp stamp) {
    jdbi.useHandle(handle ->
        handle.execute(
            """
            INSERT INTO process_position (id, clean_position, raw_position, raw_index)
            VALUES (1, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
              clean_position = excluded.clean_position,
              raw_position = excluded.raw_position,
              raw_index = excluded.raw_index\
            """,
            stamp.clean().value(),
            stamp.raw().position().value(),
            stamp.raw().index()));
  }
}
