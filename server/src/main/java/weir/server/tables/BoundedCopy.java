package weir.server.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies streams of which nobody knows how long they are. */
final class BoundedCopy {
  private static final int BUFFER = 1 << 16;

  private BoundedCopy() {}

  /** Nobody waits for the copy any more. */
  static final class CancelledException extends IOException {
    private static final long serialVersionUID = 1L;

    CancelledException() {
      super("cancelled");
    }
  }

  /**
   * Copies until the end, or until more than a limit has come.
   *
   * @return how much came; more than the limit if there may be more
   * @throws CancelledException once it is cancelled
   */
  static long copy(InputStream in, OutputStream out, long limit, Cancellation cancellation)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      bytes += n;
      if (cancellation.isCancelled()) {
        throw new CancelledException();
      }
      if (bytes > limit) {
        return bytes;
      }
      out.write(buffer, 0, n);
    }
    return bytes;
  }
}
