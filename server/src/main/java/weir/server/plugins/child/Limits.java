package weir.server.plugins.child;

import java.io.IOException;
import java.time.Duration;

/**
 * What plug-ins may take.
 *
 * @param event how long one event may take
 * @param batch after how long a child answers what it has come to
 * @param events how many may be made of one
 * @param bytes about how many they may take
 * @param threads how many plug-ins may have beside their own
 */
public record Limits(Duration event, Duration batch, int events, int bytes, int threads) {
  /** Writes them. */
  public void write(FrameOutput out) throws IOException {
    out.number(event.toNanos()).number(batch.toNanos());
    out.integer(events).integer(bytes).integer(threads);
  }

  static Limits read(FrameInput in) throws IOException {
    return new Limits(
        Duration.ofNanos(in.number()),
        Duration.ofNanos(in.number()),
        in.integer(),
        in.integer(),
        in.integer());
  }
}
