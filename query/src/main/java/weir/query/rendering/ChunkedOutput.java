package weir.query.rendering;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import weir.query.QueryException;

/** Gathers what is written into chunks for a sink. */
public final class ChunkedOutput extends OutputStream {
  private static final int CHUNK = 64 * 1024;

  /** Carries a sink's failure through writers that know only IOException. */
  public static final class FailedException extends IOException {
    private final transient QueryException failure;

    FailedException(QueryException failure) {
      super(failure);
      this.failure = failure;
    }

    public QueryException failure() {
      return failure;
    }
  }

  private final ResultSink sink;
  private final byte[] buffer = new byte[CHUNK];
  private int used;
  private boolean sent;

  public ChunkedOutput(ResultSink sink) {
    this.sink = sink;
  }

  /** Whether the sink has had a chunk. */
  public boolean hasSent() {
    return sent;
  }

  @Override
  public void write(int b) throws IOException {
    if (used == CHUNK) {
      send();
    }
    buffer[used++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (used == CHUNK) {
        send();
      }
      int part = Math.min(left, CHUNK - used);
      System.arraycopy(bytes, from, buffer, used, part);
      used += part;
      from += part;
      left -= part;
    }
  }

  /** Hands over what is left. */
  public void send() throws IOException {
    if (used > 0) {
      try {
        sink.chunk(Arrays.copyOf(buffer, used));
      } catch (QueryException e) {
        throw new FailedException(e);
      }
      used = 0;
      sent = true;
    }
  }
}
