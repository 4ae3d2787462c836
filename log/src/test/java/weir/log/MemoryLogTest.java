package weir.log;

class MemoryLogTest extends EventLogContract {
  @Override
  EventLog create() {
    return new MemoryLog(100_000);
  }
}
