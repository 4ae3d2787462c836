package weir.lake;

import java.util.List;
import weir.event.CleanEvent;

final class MemoryEventTableTest extends EventTableContract {
  private final MemoryEventTable.Store store = new MemoryEventTable.Store();

  @Override
  EventTable open() {
    return new MemoryEventTable(store);
  }

  @Override
  List<String> ids() {
    return store.rows().stream().map(CleanEvent::eventId).sorted().toList();
  }
}
