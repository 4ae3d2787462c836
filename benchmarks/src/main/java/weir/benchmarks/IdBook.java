package weir.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** What a load generator sent, by event id, and what of it was answered 200. Thread-safe. */
final class IdBook {
  /** Begins the ids of events that go to quarantine: each time they are sent. */
  static final String BAD = "bad-";

  private static final int REMEMBERED = 10_000;

  private final Map<String, Integer> sends = new HashMap<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final List<String> inOrder = new ArrayList<>();
  private final List<String> recent = new ArrayList<>();
  private long acknowledgedSends;

  /** These events are about to be sent; perhaps again. */
  synchronized void sending(List<String> ids) {
    for (String id : ids) {
      if (sends.merge(id, 1, Integer::sum) == 1 && !id.startsWith(BAD)) {
        if (recent.size() == REMEMBERED) {
          recent.removeFirst();
        }
        recent.add(id);
      }
    }
  }

  /** These events were answered 200. */
  synchronized void acknowledged(List<String> ids) {
    for (String id : ids) {
      if (acknowledged.add(id)) {
        inOrder.add(id);
      }
    }
    acknowledgedSends += ids.size();
  }

  /** One of those sent before, whatever became of it; empty as long as there is none. */
  synchronized Optional<String> anyOf(SplittableRandom random) {
    return recent.isEmpty()
        ? Optional.empty()
        : Optional.of(recent.get(random.nextInt(recent.size())));
  }

  synchronized int acknowledgedIds() {
    return acknowledged.size();
  }

  /** A point of the run, between two answers. */
  record Mark(int ids, long sends) {}

  synchronized Mark mark() {
    return new Mark(inOrder.size(), acknowledgedSends);
  }

  /** What must be found, as of now. */
  Expectation expectation() {
    return expectation(mark());
  }

  /** What must be found in a copy that was begun at a mark, and is whole by now. */
  synchronized Expectation expectation(Mark begun) {
    long allSends = sends.values().stream().mapToLong(Integer::longValue).sum();
    return new Expectation(
        Set.copyOf(inOrder.subList(0, begun.ids())),
        Set.copyOf(sends.keySet()),
        begun.sends(),
        allSends);
  }
}
