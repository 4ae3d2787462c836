package weir.lake.writing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.DuckReader;
import weir.lake.LakeOptions;
import weir.lake.ManualClock;
import weir.lake.catalog.TableLayout;
import weir.lake.reading.LakeReader;
import weir.lake.table.EventTable;
import weir.lake.table.EventTableContract;
import weir.log.files.Files;

final class IcebergTableTest extends EventTableContract {
  @TempDir Path temp;

  private final List<Lake> lakes = new ArrayList<>();

  @Override
  public EventTable open() throws Exception {
    Lake lake =
        Lake.open(
            temp.resolve("lake"),
            Files.system(),
            LakeOptions.DEFAULT,
            new ManualClock(),
            new SimpleMeterRegistry());
    lakes.add(lake);
    return lake.table("shop", TableLayout.EVENTS);
  }

  @Override
  public List<String> ids() throws Exception {
    try (LakeReader reader = LakeReader.open(temp.resolve("lake"));
        DuckReader duck = new DuckReader()) {
      return duck.column(
          reader.snapshot("shop").events(), "SELECT event_id FROM $table ORDER BY event_id");
    }
  }

  @AfterEach
  void close() throws Exception {
    for (Lake lake : lakes) {
      lake.close();
    }
  }
}
