package weir.lake.writing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;
import weir.event.CleanRecord;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.FaultyCatalog;
import weir.lake.LakeOptions;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.Samples;
import weir.lake.UpkeepOptions;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.table.CommitResult;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;
import weir.log.files.Files;

/** A lake for tests of its upkeep, with the table {@code shop.events} written by hand. */
public final class OpenLake implements AutoCloseable {
  public static final UpkeepOptions UPKEEP =
      new UpkeepOptions(
          64L << 20,
          64L << 20,
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Optional.empty(),
          Optional.empty());

  public final Lake lake;
  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private @Nullable FaultyCatalog catalog;

  public OpenLake(Path dir, Files files, ManualClock clock, UpkeepOptions upkeep)
      throws IOException {
    LakeOptions options = Samples.options(1000, Duration.ZERO, upkeep);
    lake =
        Lake.open(
            dir,
            files,
            options,
            clock,
            meters,
            (io, create) -> {
              FaultyCatalog made = new FaultyCatalog(io, create);
              catalog = made;
              return made;
            });
  }

  public FaultyCatalog catalog() {
    FaultyCatalog made = catalog;
    if (made == null) {
      throw new IllegalStateException("the lake is not open");
    }
    return made;
  }

  public IcebergTable events() throws IOException {
    return lake.table("shop", TableLayout.EVENTS);
  }

  public IcebergTable badEvents() throws IOException {
    return lake.table("shop", TableLayout.BAD_EVENTS);
  }

  public LakeTable read() throws IOException {
    return lake.reader().snapshot("shop").events();
  }

  public double count(String counter) {
    return meters.get(counter).counter().count();
  }

  /** Appends rows as one commit, and moves the position by one. */
  public void append(CleanRecord... rows) throws IOException {
    append(List.of(rows));
  }

  public void append(List<? extends CleanRecord> rows) throws IOException {
    IcebergTable table = events();
    Positions from = table.committedUpTo();
    RowWriter writer = table.newWriter();
    rows.forEach(writer::add);
    List<DataFile> files = writer.write();
    CommitResult result =
        table.commit(files, from, Positions.of(new Position(from.of(0).value() + 1)));
    if (!(result instanceof CommitResult.Committed)) {
      throw new IOException("not committed: " + result);
    }
    lake.upkeep().changed(new TableName("shop", TableLayout.EVENTS));
  }

  /** One event a commit, with numbers from and to, all of one day. */
  public void appendEach(int from, int to, UnaryOperator<Integer> number) throws IOException {
    for (int i = from; i < to; i++) {
      append(Samples.event("shop", number.apply(i)));
    }
  }

  /** Upkeep until there is nothing to merge. */
  public void upkeep() {
    for (int steps = 0; lake.upkeep().step(); steps++) {
      if (steps > 1000) {
        throw new IllegalStateException("merging does not end");
      }
    }
  }

  @Override
  public void close() throws IOException {
    lake.close();
  }
}
