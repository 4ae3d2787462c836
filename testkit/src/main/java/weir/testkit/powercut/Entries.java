package weir.testkit.powercut;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The directory entries on the disk: which are durable, and what was done to them since. */
final class Entries {
  private final Map<Integer, Map<String, Integer>> durable = new HashMap<>();
  private final List<Operation.Entry> pending = new ArrayList<>();

  void add(Operation.Entry change) {
    pending.add(change);
  }

  /** An fsync of a directory, or of everything, that started at a step. */
  void sync(int directory, long started) {
    List<Operation.Entry> covered =
        pending.stream()
            .filter(change -> change.completed() <= started)
            .filter(change -> directory == Recording.EVERYTHING || change.directory() == directory)
            .toList();
    for (Operation.Entry change : covered) {
      pending.remove(change);
      apply(durable, change);
      if (change instanceof Operation.Rename rename) {
        pending.removeIf(older ->
            older.completed() <= rename.started()
                && older.directory() == rename.fromDirectory()
                && older instanceof Operation.Create create
                && create.name().equals(rename.from()));
      }
    }
  }

  private static void apply(Map<Integer, Map<String, Integer>> tree, Operation.Entry change) {
    Map<String, Integer> directory = of(tree, change.directory());
    switch (change) {
      case Operation.Create create -> directory.put(create.name(), create.node());
      case Operation.Remove remove -> directory.remove(remove.name(), remove.node());
      case Operation.Rename rename -> {
        of(tree, rename.fromDirectory()).remove(rename.from(), rename.node());
        directory.put(rename.name(), rename.node());
      }
    }
  }

  private static Map<String, Integer> of(Map<Integer, Map<String, Integer>> tree, int directory) {
    return tree.computeIfAbsent(directory, id -> new TreeMap<>());
  }

  /**
   * What a power cut may leave: of every directory's changes a prefix, for one half of all seeds,
   * and any subset for the other.
   */
  Map<Integer, Map<String, Integer>> cut(SplittableRandom random) {
    Map<Integer, Map<String, Integer>> tree = new HashMap<>();
    durable.forEach((directory, names) -> tree.put(directory, new TreeMap<>(names)));
    boolean prefixes = random.nextBoolean();
    Set<Operation.Entry> kept = new HashSet<>();
    Map<Integer, List<Operation.Entry>> byDirectory = new TreeMap<>();
    for (Operation.Entry change : pending) {
      byDirectory.computeIfAbsent(change.directory(), id -> new ArrayList<>()).add(change);
    }
    for (List<Operation.Entry> changes : byDirectory.values()) {
      if (prefixes) {
        kept.addAll(changes.subList(0, random.nextInt(changes.size() + 1)));
      } else {
        double share = random.nextInt(5) / 4.0;
        changes.stream().filter(change -> random.nextDouble() < share).forEach(kept::add);
      }
    }
    pending.stream().filter(kept::contains).forEach(change -> apply(tree, change));
    return tree;
  }
}
