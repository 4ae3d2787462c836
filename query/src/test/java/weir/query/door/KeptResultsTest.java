package weir.query.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.Access;
import weir.query.QueryError;
import weir.query.QueryKey;
import weir.query.RowLimit;
import weir.query.rendering.ResultFormat;

/** Results outlive the process that made them. */
class KeptResultsTest {
  private static final QueryKey WHOLE =
      new QueryKey(new Access("shop", "k1", Optional.empty()), "a");
  private static final QueryKey LIMITED =
      new QueryKey(new Access("shop", "k2", Optional.of(RowLimit.parse("tenant", "17"))), "a");

  @TempDir Path folder;
  private final AtomicLong ticker = new AtomicLong();

  private KeptResults open() {
    return new KeptResults(QueryOptions.defaults(folder), ticker::get);
  }

  @Test
  void theNextProcessHasTheResultsOfTheOneBefore() throws Exception {
    KeptResults first = open();
    Path one = Files.writeString(folder.resolve("one"), "[1]");
    Path two = Files.writeString(folder.resolve("two"), "[2]");
    first.keep(WHOLE, one, new QueryState.Done(one, ResultFormat.JSON), 3);
    first.keep(LIMITED, two, new QueryState.Done(two, ResultFormat.CSV), 3);
    KeptResults next = open();
    assertThat(next.find(WHOLE)).contains(new QueryState.Done(one, ResultFormat.JSON));
    assertThat(next.find(LIMITED)).contains(new QueryState.Done(two, ResultFormat.CSV));
    assertThat(next.remove(WHOLE)).isTrue();
    assertThat(open().find(WHOLE)).isEmpty();
    assertThat(one).doesNotExist();
  }

  @Test
  void aQueryThatRanThenIsLost() throws Exception {
    Path file = Files.writeString(folder.resolve("half"), "[1,");
    open().begin(WHOLE, file);
    assertThat(open().find(WHOLE))
        .get()
        .isInstanceOfSatisfying(
            QueryState.Failed.class,
            failed -> assertThat(failed.failure().error()).isEqualTo(QueryError.QUERY_LOST));
  }

  @Test
  void filesOfNobodyAndDamagedNotesAreDeleted() throws Exception {
    Files.writeString(folder.resolve("nobody"), "x");
    Files.writeString(folder.resolve("torn.json"), "{\"project\":");
    Files.writeString(folder.resolve("empty.json"), "{}");
    open();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void oldOnesGoWithTheirNotes() throws Exception {
    KeptResults results = open();
    Path one = Files.writeString(folder.resolve("one"), "[1]");
    results.keep(WHOLE, one, new QueryState.Done(one, ResultFormat.JSON), 3);
    ticker.addAndGet(QueryOptions.defaults(folder).keptFor().toNanos() + 1);
    results.expire();
    assertThat(folder).isEmptyDirectory();
  }
}
