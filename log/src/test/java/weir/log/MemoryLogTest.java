package weir.log;

class MemoryLogTest extends EventLogContract {
  @Override
  protected EventLog create() {
    return new MemoryLog(100_000);
  }
}
