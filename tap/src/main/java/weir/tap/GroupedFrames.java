package weir.tap;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.CleanEvent;
import weir.event.CleanFormatException;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.log.LogEntry;

/** Entries of the log, each read once, as chunks of several groups. Used by one thread. */
final class GroupedFrames {
  private static final Logger LOG = LoggerFactory.getLogger(GroupedFrames.class);

  private final Map<Group, Frames> groups = new HashMap<>();
  private final CleanRecordCodec codec;

  GroupedFrames(Set<Group> groups, CleanEvents events, CleanRecordCodec codec) {
    this.codec = codec;
    groups.forEach(group -> this.groups.put(group, events.frames(group.filter(), group.framing())));
  }

  void add(LogEntry entry) {
    if (groups.isEmpty() || !(entry instanceof LogEntry.Frame frame)) {
      return;
    }
    try {
      String project = codec.summary(frame.payload()).origin().project();
      CleanEvent event = null;
      for (Map.Entry<Group, Frames> group : groups.entrySet()) {
        if (group.getKey().filter().project().equals(project)) {
          if (event == null) {
            if (!(codec.decode(frame.payload()) instanceof CleanEvent decoded)) {
              return;
            }
            event = decoded;
          }
          group.getValue().add(event, entry.next());
        }
      }
    } catch (CleanFormatException e) {
      LOG.debug("a frame of a newer Weir is passed over", e);
    }
  }

  /** What was added, for each group; nothing is added after that. */
  Map<Group, Chunk> chunks(Position next) {
    Map<Group, Chunk> chunks = new HashMap<>();
    groups.forEach((group, frames) -> chunks.put(group, frames.chunk(next, true)));
    return chunks;
  }
}
