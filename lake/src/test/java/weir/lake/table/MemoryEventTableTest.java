package weir.lake.table;

import java.util.List;
import weir.event.CleanEvent;

final class MemoryEventTableTest extends EventTableContract {
  private final MemoryEventTable.Store store = new MemoryEventTable.Store();

  @Override
  public EventTable open() {
    return new MemoryEventTable(store);
  }

  @Override
  public List<String> ids() {
    return store.rows().stream().map(CleanEvent::eventId).sorted().toList();
  }
}
