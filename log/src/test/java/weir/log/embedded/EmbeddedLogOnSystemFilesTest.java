package weir.log.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;
import weir.log.EventLog;
import weir.log.EventLogContract;
import weir.log.files.Files;

class EmbeddedLogOnSystemFilesTest extends EventLogContract {
  @TempDir private Path directory;

  @Override
  protected EventLog create() throws IOException {
    return EmbeddedLog.writer(
        Files.system(),
        directory.resolve("log"),
        new LogOptions(8_000, 100_000, 0, 10_000),
        InstantSource.system());
  }
}
