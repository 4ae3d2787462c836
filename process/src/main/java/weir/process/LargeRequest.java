package weir.process;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.log.LogEntry;

/**
 * A request that is decoded slice by slice on a thread of its own while it is decided: one slice
 * waits, one is made, one is decided.
 */
final class LargeRequest {
  private final BlockingQueue<DecodedEntry> slices = new ArrayBlockingQueue<>(1);
  private final FutureTask<?> task;
  private final long bytes;

  private LargeRequest(EntryDecoding decoding, LogEntry.Frame frame, long cost, Ending ending) {
    this.bytes = frame.payload().length;
    this.task =
        new FutureTask<>(() -> decoding.decode(frame, cost, slice -> put(slice, ending)), null);
  }

  /**
   * @param cost about how many bytes a slice may take
   */
  static LargeRequest start(
      EntryDecoding decoding, LogEntry.Frame frame, long cost, Ending ending) {
    LargeRequest request = new LargeRequest(decoding, frame, cost, ending);
    Thread.ofPlatform().name("weir-process-decode-large").daemon().start(request.task);
    return request;
  }

  private void put(DecodedEntry slice, Ending ending) {
    try {
      while (!slices.offer(slice, RawFeed.LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        ending.checkAsked();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Ending.Stopped();
    }
  }

  /** The bytes of its frame. */
  long bytes() {
    return bytes;
  }

  /**
   * The next slice; null if it is not there in time.
   *
   * @throws ExecutionException if there will be none
   */
  @Nullable DecodedEntry poll(long nanos) throws InterruptedException, ExecutionException {
    boolean done = task.isDone();
    DecodedEntry slice = slices.poll(nanos, TimeUnit.NANOSECONDS);
    if (slice == null && done) {
      task.get();
    }
    return slice;
  }
}
