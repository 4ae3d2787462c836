package weir.log.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.EventLogContract;
import weir.log.LogReader;
import weir.log.files.Files;

/** The contract where one side appends and the other, as in another process, does all else. */
class EmbeddedLogAcrossProcessesTest extends EventLogContract {
  @TempDir private Path directory;

  @Override
  protected EventLog create() throws IOException {
    EventLog writer =
        EmbeddedLog.writer(
            Files.system(),
            directory.resolve("log"),
            new LogOptions(8_000, 100_000, 0, 10_000),
            InstantSource.fixed(Instant.EPOCH));
    return new TwoSides(writer, EmbeddedLog.reader(Files.system(), directory.resolve("log")));
  }

  private record TwoSides(EventLog writer, EventLog reader) implements EventLog {
    @Override
    public Appended append(List<byte[]> batch) throws IOException {
      return writer.append(batch);
    }

    @Override
    public LogReader read(Position from) throws IOException {
      return reader.read(from);
    }

    @Override
    public Position durableEnd() {
      return reader.durableEnd();
    }

    @Override
    public long bytesBetween(Position from, Position to) {
      return reader.bytesBetween(from, to);
    }

    @Override
    public Position earliest() throws IOException {
      return reader.earliest();
    }

    @Override
    public void releaseBefore(Position position) throws IOException {
      reader.releaseBefore(position);
    }

    @Override
    public void close() throws IOException {
      writer.close();
      reader.close();
    }
  }
}
