package weir.collect;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.decode.EventSpans;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.decode.RequestParts;
import weir.log.EventLog;
import weir.log.GroupCommit;

/** The partitions of the raw log, often one, each with its own queue. Safe for several threads. */
final class RawLogs implements AutoCloseable {
  private final List<LogPartition> partitions = new ArrayList<>();
  private final RawRequestCodec codec = new RawRequestCodec();
  private final long maxQueuedBytes;

  /**
   * @param logs stay their owner's to close, after this
   * @param maxQueuedBytes how much may wait in all queues together
   */
  RawLogs(List<? extends EventLog> logs, long maxQueuedBytes, InstantSource clock) {
    this.maxQueuedBytes = maxQueuedBytes;
    for (EventLog log : logs) {
      int number = partitions.size();
      boolean only = logs.size() == 1;
      String name = only ? "the raw log" : "partition " + number + " of the raw log";
      String thread = only ? "raw-log" : "raw-log-" + number;
      partitions.add(new LogPartition(name, log, maxQueuedBytes, thread, clock));
    }
  }

  /**
   * What a partition is to store of a request.
   *
   * @param events how many it holds
   */
  record Frame(int partition, int events, byte[] bytes) {}

  /** Whether requests are split, so that their decoder is to be asked where their events lie. */
  boolean areSeveral() {
    return partitions.size() > 1;
  }

  /** A request's frames, at most one for each partition. */
  List<Frame> frames(RawRequest request, Optional<EventSpans> spans) {
    if (!areSeveral()) {
      return List.of(new Frame(0, request.events(), codec.encode(request)));
    }
    List<Frame> frames = new ArrayList<>();
    for (RequestParts.Part part : RequestParts.of(request, spans, partitions.size())) {
      RawRequest some = part.request();
      frames.add(new Frame(part.partition(), some.events(), codec.encode(some)));
    }
    return frames;
  }

  /**
   * Queues a request's frames.
   *
   * @return false if too much waits: nothing of it is stored, and nobody is told
   */
  boolean submit(List<Frame> frames, StoredParts.Whole told) {
    if (areSeveral() && !hasRoom(frames)) {
      return false;
    }
    if (frames.size() == 1) {
      Frame only = frames.get(0);
      return partitions.get(only.partition()).submit(only.bytes(), told);
    }
    StoredParts parts = new StoredParts(frames.size(), told);
    for (Frame frame : frames) {
      GroupCommit.Callback part = parts.part(frame.events());
      if (!partitions.get(frame.partition()).submit(frame.bytes(), part)) {
        parts.refused(frame.events());
      }
    }
    return true;
  }

  private boolean hasRoom(List<Frame> frames) {
    long bytes = 0;
    for (Frame frame : frames) {
      bytes += frame.bytes().length;
    }
    for (LogPartition partition : partitions) {
      bytes += partition.queuedBytes();
    }
    return bytes <= maxQueuedBytes;
  }

  /** What a partition that takes no appends says; null if there is none. */
  @Nullable String trouble() {
    for (LogPartition partition : partitions) {
      String trouble = partition.health().trouble();
      if (trouble != null) {
        return trouble;
      }
    }
    return null;
  }

  /** Why a partition has stored nothing since; empty if there is none. */
  String lasting() {
    for (LogPartition partition : partitions) {
      String lasting = partition.health().lasting();
      if (!lasting.isEmpty()) {
        return lasting;
      }
    }
    return "";
  }

  /** Time has passed: let requests find out. */
  void forget() {
    partitions.forEach(partition -> partition.health().forget());
  }

  /** Takes no more, appends what waits, and returns when everybody was told. */
  @Override
  public void close() {
    partitions.forEach(LogPartition::close);
  }
}
