package weir.log.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import weir.event.Position;
import weir.log.Appended;
import weir.log.LogReader;

/** An embedded log as processes see it that do not write it. */
final class EmbeddedReader implements ByteLog {
  private final LogDirectory directory;
  private final PublishedEnd end;

  EmbeddedReader(LogDirectory directory) {
    this.directory = directory;
    this.end = new PublishedEnd(directory);
  }

  @Override
  public int partition() {
    return directory.partition();
  }

  @Override
  public Appended append(List<byte[]> batch) {
    throw new UnsupportedOperationException(
        "the log in " + directory.path() + " was opened for reading; only its writer appends");
  }

  @Override
  public LogReader read(Position from) throws IOException {
    return EmbeddedLog.reader(directory, end, from);
  }

  @Override
  public Position durableEnd() {
    try {
      return new Position(end.now().end());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Position earliest() throws IOException {
    return directory.earliest();
  }

  @Override
  public void releaseBefore(Position position) throws IOException {
    directory.releaseBefore(position);
  }

  @Override
  public Position positionAt(Instant instant) throws IOException {
    return new TimeSeek(directory, durableEnd()).positionAt(instant.toEpochMilli());
  }

  @Override
  public void close() throws IOException {
    end.close();
  }
}
