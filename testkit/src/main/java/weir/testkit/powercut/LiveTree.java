package weir.testkit.powercut;

import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tree as running processes see it: every call has been applied, nothing lost. */
final class LiveTree {
  /** A file or a directory. */
  static final class Node {
    final int id;
    final boolean directory;
    final Map<String, Node> entries = new TreeMap<>();
    final Contents contents = new Contents();

    Node(int id, boolean directory) {
      this.id = id;
      this.directory = directory;
    }
  }

  private final Node root = new Node(Recording.ROOT, true);
  private int nextId = Recording.ROOT + 1;

  Node root() {
    return root;
  }

  Node newNode(boolean directory) {
    return new Node(nextId++, directory);
  }

  /** The node at a path below the root, "" being the root. */
  @Nullable Node find(String path) {
    Node node = root;
    if (path.isEmpty()) {
      return node;
    }
    for (String name : path.split("/", -1)) {
      if (node == null) {
        return null;
      }
      node = node.entries.get(name);
    }
    return node;
  }

  /** The directory that a path's last name stands in. */
  @Nullable Node parent(String path) {
    int slash = path.lastIndexOf('/');
    return find(slash < 0 ? "" : path.substring(0, slash));
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Where a node stands now, or its number in brackets if it has no name any more. */
  String pathOf(Node wanted) {
    String path = pathOf(root, "", wanted);
    return path == null ? "<" + wanted.id + ">" : path;
  }

  private static @Nullable String pathOf(Node from, String prefix, Node wanted) {
    if (from == wanted) {
      return prefix;
    }
    for (Entry<String, Node> entry : from.entries.entrySet()) {
      String path = prefix.isEmpty() ? entry.getKey() : prefix + "/" + entry.getKey();
      String found = pathOf(entry.getValue(), path, wanted);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Every file by path. */
  Map<String, Node> files() {
    Map<String, Node> files = new HashMap<>();
    collect(root, "", files);
    return files;
  }

  private static void collect(Node from, String prefix, Map<String, Node> into) {
    from.entries.forEach((name, node) -> {
      String path = prefix.isEmpty() ? name : prefix + "/" + name;
      if (node.directory) {
        collect(node, path, into);
      } else {
        into.put(path, node);
      }
    });
  }
}
