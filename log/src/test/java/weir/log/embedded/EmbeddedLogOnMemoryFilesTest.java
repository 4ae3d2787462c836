package weir.log.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import weir.log.EventLog;
import weir.log.EventLogContract;
import weir.log.files.MemoryFiles;

class EmbeddedLogOnMemoryFilesTest extends EventLogContract {
  @Override
  protected EventLog create() throws IOException {
    return EmbeddedLog.writer(
        new MemoryFiles(),
        Path.of("/data/log"),
        new LogOptions(8_000, 100_000, 0, 10_000),
        InstantSource.system());
  }
}
