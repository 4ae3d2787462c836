package weir.process;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.CleanRecordCodec;
import weir.event.CleanSummary;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;

/**
 * Finds where to go on: one pass over the clean log from what the duplicate index and the stamp
 * cover to the durable end. Its last frame says which raw event was decided last; the stamp says it
 * where everything was released. The ids on the way enter the duplicate index.
 *
 * @param clean the clean log's durable end
 * @param raw the last raw event that is decided; null if none ever was
 * @param named the last one that any frame names: decided, or only with events derived from it
 */
record StartPoint(Position clean, @Nullable RawPosition raw, @Nullable RawPosition named) {
  private static final Logger LOG = LoggerFactory.getLogger(StartPoint.class);

  static StartPoint find(EventLog clean, ProcessState state, ProcessPosition stamps)
      throws IOException {
    Optional<ProcessPosition.Stamp> stamp = stamps.read();
    Position covered = state.duplicates().holdsFrom();
    Position from = stamp.map(ProcessPosition.Stamp::clean).orElse(Position.START);
    from = covered.isBefore(from) ? covered : from;
    if (from.equals(Position.START) && stamp.isEmpty()) {
      LOG.info("no process position is kept; reading the clean log from its start");
    }
    RawPosition raw = stamp.map(ProcessPosition.Stamp::raw).orElse(null);
    RawPosition named = raw;
    CleanRecordCodec codec = new CleanRecordCodec();
    try (LogReader reader = clean.read(from)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        switch (entry) {
          case LogEntry.Damaged damaged ->
              LOG.error(
                  "the clean log is damaged from {} to {}: duplicates of ids there may pass",
                  damaged.position(),
                  damaged.next());
          case LogEntry.Frame frame -> {
            CleanSummary summary = codec.summary(frame.payload());
            named = later(named, summary.origin().rawPosition());
            if (summary.decision() != CleanSummary.Decision.DERIVED) {
              raw = named;
            }
            if (!frame.position().isBefore(covered)) {
              remember(state.duplicates(), summary, frame.next());
            }
          }
        }
      }
      refuseIfUnknown(clean, raw);
      return new StartPoint(reader.position(), raw, named);
    }
  }

  private static RawPosition later(@Nullable RawPosition known, RawPosition next) {
    return known == null || known.compareTo(next) < 0 ? next : known;
  }

  private static void remember(DuplicateIndex duplicates, CleanSummary summary, Position upTo)
      throws IOException {
    String eventId = summary.eventId();
    if (summary.isEvent() && eventId != null) {
      duplicates.add(
          Fingerprint.of(summary.origin().project(), eventId), summary.origin().receivedAt());
      if (duplicates.full()) {
        duplicates.save(upTo);
      }
    }
  }

  private static void refuseIfUnknown(EventLog clean, @Nullable RawPosition raw)
      throws IOException {
    if (raw == null && !clean.earliest().equals(Position.START)) {
      throw new IOException(
          "the clean log was released up to "
              + clean.earliest()
              + " and the metadata database does not say which raw events it decided: was meta.db"
              + " deleted or restored from an older copy?");
    }
  }
}
