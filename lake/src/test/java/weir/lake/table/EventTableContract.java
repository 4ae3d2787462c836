package weir.lake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.Test;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.Samples;

/** What every {@link EventTable} of events promises. */
public abstract class EventTableContract {
  private static final Positions START = Positions.START;
  private static final Positions FIVE = Positions.of(new Position(5));
  private static final Positions NINE = Positions.of(new Position(9));

  /** The table under test, opened once more each time; empty at first. */
  public abstract EventTable open() throws Exception;

  /** The event ids that the table holds, sorted. */
  public abstract List<String> ids() throws Exception;

  private static List<DataFile> write(EventTable table, int... numbers) throws IOException {
    RowWriter rows = table.newWriter();
    for (int number : numbers) {
      rows.add(Samples.event("shop", number));
    }
    assertThat(rows.rows()).isEqualTo(numbers.length);
    return rows.write();
  }

  @Test
  void aNewTableStandsAtTheStart() throws Exception {
    assertThat(open().committedUpTo()).isEqualTo(START);
    assertThat(ids()).isEmpty();
  }

  @Test
  void rowsAppearWithTheirCommitOnly() throws Exception {
    EventTable table = open();
    List<DataFile> files = write(table, 1, 2);
    assertThat(ids()).isEmpty();
    assertThat(table.commit(files, START, FIVE)).isEqualTo(new CommitResult.Committed(FIVE));
    assertThat(ids()).containsExactly("id-1", "id-2");
    assertThat(table.committedUpTo()).isEqualTo(FIVE);
    assertThat(open().committedUpTo()).isEqualTo(FIVE);
  }

  @Test
  void aWriterThatBeganElsewhereMeetsAConflict() throws Exception {
    EventTable older = open();
    EventTable newer = open();
    newer.commit(write(newer, 1), START, FIVE);
    assertThat(older.commit(write(older, 2), START, NINE))
        .isEqualTo(new CommitResult.Conflict(FIVE));
    assertThat(ids()).containsExactly("id-1");
    assertThat(older.commit(write(older, 3), FIVE, NINE))
        .isEqualTo(new CommitResult.Committed(NINE));
    assertThat(ids()).containsExactly("id-1", "id-3");
  }

  @Test
  void theSameFilesAreCommittedOnce() throws Exception {
    EventTable table = open();
    List<DataFile> files = write(table, 1);
    table.commit(files, START, FIVE);
    assertThat(table.commit(files, START, FIVE)).isEqualTo(new CommitResult.Committed(FIVE));
    assertThat(ids()).containsExactly("id-1");
  }

  @Test
  void thePositionMovesWithoutFiles() throws Exception {
    EventTable table = open();
    assertThat(write(table)).isEmpty();
    assertThat(table.commit(List.of(), START, FIVE)).isEqualTo(new CommitResult.Committed(FIVE));
    assertThat(open().committedUpTo()).isEqualTo(FIVE);
  }

  @Test
  void noPartitionGoesBack() throws Exception {
    EventTable table = open();
    Positions both = FIVE.with(1, new Position(3));
    assertThat(table.commit(write(table, 1), START, both))
        .isEqualTo(new CommitResult.Committed(both));
    List<DataFile> files = write(table, 2);
    assertThatThrownBy(() -> table.commit(files, both, NINE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(open().committedUpTo()).isEqualTo(both);
    assertThat(ids()).containsExactly("id-1");
  }

  @Test
  void rowsMayBeWrittenAgain() throws Exception {
    EventTable table = open();
    RowWriter rows = table.newWriter();
    rows.add(Samples.event("shop", 1));
    assertThat(rows.write()).isNotEmpty();
    table.commit(rows.write(), START, FIVE);
    assertThat(ids()).containsExactly("id-1");
  }

  @Test
  void rowsOfAnotherKindAreRefused() throws Exception {
    RowWriter rows = open().newWriter();
    assertThatThrownBy(() -> rows.add(Samples.bad("shop", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
