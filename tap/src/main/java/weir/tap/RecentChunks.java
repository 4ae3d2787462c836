package weir.tap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import weir.event.Position;

/**
 * The chunks that were made last, up to some bytes over all groups, so that those who lag behind
 * get what others got. Safe for use by several threads.
 */
final class RecentChunks {
  /** What a chunk takes beside its bytes. */
  private static final int OVERHEAD = 200;

  private final long mostBytes;
  private final Map<Group, NavigableMap<Position, Chunk>> chunks = new HashMap<>();
  private final Deque<Kept> oldest = new ArrayDeque<>();
  private long bytes;

  private record Kept(Group group, Position from, long bytes) {}

  RecentChunks(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** The chunk that begins there, or an empty one that goes on there; null if none is kept. */
  synchronized @Nullable Chunk from(Group group, Position position) {
    NavigableMap<Position, Chunk> ofGroup = chunks.get(group);
    Map.Entry<Position, Chunk> found = ofGroup == null ? null : ofGroup.floorEntry(position);
    if (found == null) {
      return null;
    }
    Chunk chunk = found.getValue();
    boolean goesOn = chunk.events() == 0 && position.isBefore(chunk.next());
    return goesOn || found.getKey().equals(position) ? chunk : null;
  }

  /** The first place after a position at which a chunk begins; null if there is none. */
  synchronized @Nullable Position firstAfter(Group group, Position position) {
    NavigableMap<Position, Chunk> ofGroup = chunks.get(group);
    return ofGroup == null ? null : ofGroup.higherKey(position);
  }

  /** Keeps a chunk in place of the oldest ones. */
  synchronized void keep(Group group, Position from, Chunk chunk) {
    if (size(chunk) > mostBytes || chunk.next().equals(from)) {
      return;
    }
    NavigableMap<Position, Chunk> ofGroup = chunks.computeIfAbsent(group, each -> new TreeMap<>());
    Map.Entry<Position, Chunk> before = ofGroup.lowerEntry(from);
    if (chunk.events() == 0 && before != null && isEmptyUpTo(before.getValue(), from)) {
      ofGroup.put(before.getKey(), chunk);
    } else if (ofGroup.putIfAbsent(from, chunk) == null) {
      oldest.add(new Kept(group, from, size(chunk)));
      bytes += size(chunk);
      while (bytes > mostBytes) {
        drop(oldest.remove());
      }
    }
  }

  private static boolean isEmptyUpTo(Chunk chunk, Position end) {
    return chunk.events() == 0 && chunk.next().equals(end);
  }

  private static long size(Chunk chunk) {
    return chunk.bytes().length + OVERHEAD;
  }

  private void drop(Kept kept) {
    bytes -= kept.bytes();
    NavigableMap<Position, Chunk> ofGroup = chunks.get(kept.group());
    if (ofGroup != null) {
      ofGroup.remove(kept.from());
      if (ofGroup.isEmpty()) {
        chunks.remove(kept.group());
      }
    }
  }

  synchronized void clear() {
    chunks.clear();
    oldest.clear();
    bytes = 0;
  }
}
