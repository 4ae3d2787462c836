package weir.tools.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import weir.tools.importing.Collector;

/** Plays a scene to a collector: some days of history, then what happens now. */
public final class Demo {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 500;
  private static final Duration TICK = Duration.ofMillis(200);

  private final Scene scene;
  private final Collector collector;
  private final InstantSource clock;
  private final Collector.Pause pause;
  private final Consumer<String> say;
  private ArrayNode batch = JSON.createArrayNode();
  private long sent;

  /**
   * @param say told what goes on
   */
  public Demo(
      Scene scene,
      Collector collector,
      InstantSource clock,
      Collector.Pause pause,
      Consumer<String> say) {
    this.scene = scene;
    this.collector = collector;
    this.clock = clock;
    this.pause = pause;
    this.say = say;
  }

  /** How many calls were sent and answered. */
  public long sent() {
    return sent;
  }

  /**
   * Sends some days before the last one, and as much of that as has passed.
   *
   * @param days nothing is sent if it is 0
   * @param last in UTC
   */
  public void history(int days, LocalDate last, int visitsADay)
      throws IOException, InterruptedException {
    Instant now = clock.instant();
    for (int ago = days; ago >= 0 && days > 0; ago--) {
      LocalDate day = last.minusDays(ago);
      try {
        Traffic.day(scene, day, visitsADay, now, this::gather);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      flush("/v1/import");
      if (ago % 7 == 0) {
        say.accept("history up to " + day + ": " + sent + " events");
      }
    }
  }

  private void gather(ObjectNode call) {
    batch.add(call);
    if (batch.size() >= BATCH) {
      try {
        flush("/v1/import");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new IOException("interrupted", e));
      }
    }
  }

  private void flush(String path) throws IOException, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    ObjectNode body = JSON.createObjectNode();
    body.set("batch", batch);
    collector.post(path, JSON.writeValueAsBytes(body));
    sent += batch.size();
    batch = JSON.createArrayNode();
  }

  /**
   * Sends what happens now.
   *
   * @param speed events a second when the scene is busiest
   * @param goesOn asked after every step
   */
  public void live(double speed, long seed, BooleanSupplier goesOn)
      throws IOException, InterruptedException {
    Traffic traffic = new Traffic(scene, seed);
    double owed = 0;
    Instant last = clock.instant();
    while (goesOn.getAsBoolean()) {
      pause.of(TICK);
      Instant now = clock.instant();
      Duration since = Duration.between(last, now);
      last = now;
      owed += Math.clamp(since.toMillis(), 0, 2_000) / 1000.0 * speed * traffic.busyNow(now);
      while (owed >= 1) {
        List<ObjectNode> calls = traffic.next(now);
        calls.forEach(batch::add);
        owed -= calls.size();
        if (batch.size() >= BATCH) {
          flush("/v1/batch");
        }
      }
      flush("/v1/batch");
    }
  }
}
