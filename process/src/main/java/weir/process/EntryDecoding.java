package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.ContentEncodingException;
import weir.decode.Decoder;
import weir.decode.RawFormatException;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.enrich.ProjectEnrichments;
import weir.event.EpochMicros;
import weir.log.LogEntry;

/**
 * The stateless part: a raw entry to candidates, at once where they need little memory, in slices
 * where they may need much. Safe for use by several threads.
 */
final class EntryDecoding {
  private static final Logger LOG = LoggerFactory.getLogger(EntryDecoding.class);
  private static final String UNKNOWN_SOURCE = "unknown";
  private static final int SHOWN_OF_UNREADABLE = 64 << 10;

  /** What an engine can hold of one body, beside all else; the collector's limit is lower. */
  private static final int LARGEST_BODY =
      (int) Math.clamp(Runtime.getRuntime().maxMemory() / 3, 64 << 20, 1 << 30);

  private final RequestDecoding requests;
  private final PluginPass plugins;
  private final RawRequestCodec codec = new RawRequestCodec();
  private final String unknownProject;
  private final InstantSource clock;
  private final Counter damaged;

  EntryDecoding(
      List<Decoder> decoders,
      ProjectEnrichments enrichments,
      String unknownProject,
      Duration clockTolerance,
      InstantSource clock,
      MeterRegistry metrics) {
    this.requests = new RequestDecoding(decoders, enrichments, clockTolerance, metrics);
    this.plugins = new PluginPass(enrichments);
    this.unknownProject = unknownProject;
    this.clock = clock;
    this.damaged =
        Counter.builder("weir_process_raw_damaged")
            .description("Stretches of the raw log that are unreadable")
            .register(metrics);
  }

  /**
   * Decodes an entry that needs little memory; its project's plug-ins have not seen it.
   *
   * @param allowance about how many bytes its candidates may take
   * @param largestBody how many bytes its body may have without its content-encoding
   * @return null if they take more
   */
  @Nullable DecodedEntry decode(LogEntry entry, long allowance, int largestBody) {
    return switch (entry) {
      case LogEntry.Damaged stretch -> {
        LOG.error("the raw log is damaged from {} to {}", stretch.position(), stretch.next());
        yield unreadable(
            stretch,
            "log_damaged",
            "the raw log is damaged up to " + stretch.next() + "; its requests are lost",
            stretch.bytes());
      }
      case LogEntry.Frame frame -> {
        try {
          yield decode(frame, codec.decode(frame.payload()), allowance, largestBody);
        } catch (RawFormatException e) {
          LOG.error("the raw frame at {} is unreadable", frame.position(), e);
          yield unreadable(
              frame,
              "frame_unreadable",
              "the raw log's frame is unreadable: " + e.getMessage(),
              frame.payload());
        }
      }
    };
  }

  private DecodedEntry unreadable(LogEntry entry, String reason, String message, byte[] bytes) {
    damaged.increment();
    boolean whole = bytes.length <= SHOWN_OF_UNREADABLE;
    byte[] payload = whole ? bytes : Arrays.copyOf(bytes, SHOWN_OF_UNREADABLE);
    String shown = whole ? message : message + "; the payload is the first part of it";
    Candidate refused =
        new Candidate.Refused(null, null, "unknown", "decode", reason, shown, payload);
    return new DecodedEntry(
        entry.position(),
        entry.next(),
        unknownProject,
        UNKNOWN_SOURCE,
        EpochMicros.of(clock.instant()),
        DecodedEntry.UNREADABLE,
        List.of(refused),
        refused.cost());
  }

  private @Nullable DecodedEntry decode(
      LogEntry.Frame frame, RawRequest request, long allowance, int largestBody) {
    Slice slice = new Slice(frame, request);
    Consumer<Candidate> taker =
        candidate -> {
          slice.add(candidate);
          if (slice.cost > allowance) {
            throw new RequestDecoding.Enough();
          }
        };
    try {
      byte[] body = requests.body(request, largestBody, false);
      requests.decode(frame.position(), request, body, taker);
    } catch (ContentEncodingException | RequestDecoding.Enough e) {
      return null;
    }
    return slice.end();
  }

  /**
   * Gives decoded entries to the plug-ins of their projects.
   *
   * @param entries null where one takes too much memory
   * @param allowance about how many bytes their candidates may take in all
   * @return null also where one takes too much memory then
   */
  List<@Nullable DecodedEntry> throughPlugins(
      List<@Nullable DecodedEntry> entries, long allowance) {
    return plugins.apply(entries, allowance);
  }

  /** Takes the slices of a request in order; the last one is followed by the next entry. */
  interface Slices {
    void accept(DecodedEntry slice);
  }

  /**
   * Decodes a request of any size that {@link #decode(LogEntry, long, int)} has found readable.
   *
   * @param cost a slice ends once its candidates take so many bytes, about
   */
  void decode(LogEntry.Frame frame, long cost, Slices slices) {
    RawRequest request = codec.decode(frame.payload());
    Slice slice = new Slice(frame, request);
    Consumer<Candidate> taker =
        candidate -> {
          slice.add(candidate);
          if (slice.cost >= cost) {
            plugins.apply(slice.cut(), cost, slices);
          }
        };
    try {
      byte[] body = requests.body(request, LARGEST_BODY, true);
      requests.decode(frame.position(), request, body, taker);
    } catch (ContentEncodingException e) {
      LOG.error("the request at {} cannot be decoded: {}", frame.position(), e.problem());
      RequestDecoding.refuse(request, "unreadable_request", e.problem(), taker);
    }
    plugins.apply(slice.end(), cost, slices);
  }

  /** Candidates of a request that follow each other. */
  private static final class Slice {
    private final LogEntry.Frame frame;
    private final RawRequest request;
    private List<Candidate> candidates = new ArrayList<>();
    private int first;
    private long cost;

    Slice(LogEntry.Frame frame, RawRequest request) {
      this.frame = frame;
      this.request = request;
    }

    void add(Candidate candidate) {
      candidates.add(candidate);
      cost += candidate.cost();
    }

    DecodedEntry cut() {
      DecodedEntry slice = decoded(false);
      first += candidates.size();
      candidates = new ArrayList<>();
      cost = 0;
      return slice;
    }

    DecodedEntry end() {
      return decoded(true);
    }

    private DecodedEntry decoded(boolean last) {
      return new DecodedEntry(
          frame.position(),
          last ? frame.next() : frame.position(),
          request.project(),
          request.source(),
          request.receivedAt(),
          first,
          candidates,
          cost);
    }
  }
}
