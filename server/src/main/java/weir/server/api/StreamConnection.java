package weir.server.api;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import weir.tap.Chunk;
import weir.tap.Subscriber;

/**
 * One reader's connection. It is ready as long as what was given to it and is not yet on its way is
 * little, so that a slow reader takes a bounded amount of memory.
 */
final class StreamConnection implements Subscriber {
  private static final long MOST_WAITING = 512 << 10;

  private final Context context;
  private final Words words;
  private final AtomicLong waiting = new AtomicLong();
  private volatile boolean gone;

  /** In what form a reader is told; on the connection's event loop. */
  interface Words {
    /** Sends events. */
    Future<Void> send(byte[] events);

    /** Says that the stream is alive. */
    Future<Void> alive();

    /** Says why it ends, and ends it. */
    void end(ApiError why);
  }

  StreamConnection(Context context, Words words) {
    this.context = context;
    this.words = words;
  }

  /** The reader has left. */
  void gone() {
    gone = true;
  }

  @Override
  public boolean ready() {
    return !gone && waiting.get() < MOST_WAITING;
  }

  @Override
  public void accept(Chunk chunk) {
    byte[] bytes = chunk.bytes();
    send(bytes.length, () -> words.send(bytes));
  }

  private void send(int bytes, Supplier<Future<Void>> sending) {
    waiting.addAndGet(bytes);
    context.runOnContext(ignored -> {
      if (gone) {
        return;
      }
      sending.get().onComplete(sent -> waiting.addAndGet(-bytes));
    });
  }

  @Override
  public void alive() {
    send(0, words::alive);
  }

  @Override
  public void ended(boolean released) {
    ApiError why =
        released
            ? new ApiError(
                410,
                "position_released",
                "you were too slow: what you have not read is kept no more; begin anew at earliest")
            : new ApiError(500, "internal_error", "the log cannot be read; its own log says why");
    end(why);
  }

  /** Ends it from any thread. */
  void end(ApiError why) {
    context.runOnContext(ignored -> {
      if (!gone) {
        gone = true;
        words.end(why);
      }
    });
  }

  /** Bytes that others send too: they are not copied, and must not change. */
  static Buffer shared(byte[] bytes) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
  }

  static Buffer buffer(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
  }
}
