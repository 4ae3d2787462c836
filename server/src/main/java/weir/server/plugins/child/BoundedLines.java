package weir.server.plugins.child;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/** Passes on so many lines a second, and so much of each; says how many it left out. */
final class BoundedLines extends OutputStream {
  private static final int LINES = 20;
  private static final int LONGEST = 500;
  private static final long SECOND = 1_000_000_000L;

  private final OutputStream to;
  private final LongSupplier ticker;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long since;
  private int passed;
  private long leftOut;

  /**
   * @param ticker nanoseconds
   */
  BoundedLines(OutputStream to, LongSupplier ticker) {
    this.to = to;
    this.ticker = ticker;
    this.since = ticker.getAsLong();
  }

  @Override
  public synchronized void write(int next) throws IOException {
    if (next == '\n') {
      end();
    } else if (line.size() < LONGEST) {
      line.write(next);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        add(bytes, from, i);
        end();
        from = i + 1;
      }
    }
    add(bytes, from, offset + length);
  }

  private void add(byte[] bytes, int from, int to) {
    line.write(bytes, from, Math.min(to - from, LONGEST - line.size()));
  }

  private void end() throws IOException {
    long now = ticker.getAsLong();
    if (now - since >= SECOND) {
      if (leftOut > 0) {
        to.write(("... and " + leftOut + " more lines\n").getBytes(StandardCharsets.US_ASCII));
      }
      since = now;
      passed = 0;
      leftOut = 0;
    }
    if (passed < LINES) {
      passed++;
      line.write('\n');
      line.writeTo(to);
      to.flush();
    } else {
      leftOut++;
    }
    line.reset();
  }
}
