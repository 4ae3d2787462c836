package weir.query.door;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryKey;
import weir.query.rendering.ResultFormat;
import weir.query.rendering.ResultSink;

/** Keeps a result in a file, up to a size. */
final class FileSink implements ResultSink {
  private final Path file;
  private final long maxBytes;
  private final KeptResults kept;
  private final QueryKey key;
  private final ResultFormat format;
  private final OutputStream out;
  private long bytes;

  FileSink(Path file, long maxBytes, KeptResults kept, QueryKey key, ResultFormat format)
      throws IOException {
    this.file = file;
    this.maxBytes = maxBytes;
    this.kept = kept;
    this.key = key;
    this.format = format;
    this.out = Files.newOutputStream(file);
  }

  @Override
  public void chunk(byte[] chunk) throws IOException, QueryException {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new QueryException(
          QueryError.RESULT_TOO_LARGE, "the result is larger than " + maxBytes + " bytes");
    }
    out.write(chunk);
  }

  @Override
  public void finish() throws IOException {
    out.close();
    kept.keep(key, file, new QueryState.Done(file, format), bytes);
  }

  @Override
  public void fail(QueryException failure) {
    try (out) {
      KeptResults.delete(file);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    kept.keep(key, file, new QueryState.Failed(failure), 0);
  }

  @Override
  public void abort() {
    // A write to a file waits for nobody.
  }
}
