package weir.process;

import java.time.Duration;
import java.util.Objects;

/**
 * How the processor works.
 *
 * @param decoders how many threads decode
 * @param inFlightBytes memory, about, for what is read, decoded and not yet decided; a request that
 *     does not fit is decoded in slices, and takes its body and a few slices beside it
 * @param batchEvents how many clean frames are appended at once, at most
 * @param batchBytes how many bytes of clean frames are appended at once; one request's events may
 *     exceed it
 * @param linger how long a batch waits for more events
 * @param checkpoint how often what a restart needs is written, so that the clean log before it can
 *     be released
 * @param unknownProject the project whose bad_events show what names no project: broken stretches
 *     of the raw log
 * @param clockTolerance how far a client's clock may be off to be taken for right
 * @param schema how far property columns may grow
 */
public record ProcessOptions(
    int decoders,
    long inFlightBytes,
    int batchEvents,
    long batchBytes,
    Duration linger,
    Duration checkpoint,
    String unknownProject,
    Duration clockTolerance,
    SchemaLimits schema) {
  /** As long as requests take, and no longer than clocks that nobody sets are off. */
  public static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  public ProcessOptions {
    if (decoders < 1 || inFlightBytes < 1 || batchEvents < 1 || batchBytes < 1) {
      throw new IllegalArgumentException("threads and bounds must be positive");
    }
    if (linger.isNegative() || checkpoint.isNegative() || clockTolerance.isNegative()) {
      throw new IllegalArgumentException("durations must not be negative");
    }
    Objects.requireNonNull(unknownProject, "unknownProject");
    Objects.requireNonNull(schema, "schema");
  }

  /** For this machine and this heap. */
  public static ProcessOptions defaults() {
    return new ProcessOptions(
        Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
        Math.max(8L << 20, Runtime.getRuntime().maxMemory() / 16),
        4_096,
        8L << 20,
        Duration.ofMillis(20),
        Duration.ofSeconds(30),
        "default",
        CLOCK_TOLERANCE,
        SchemaLimits.defaults());
  }
}
