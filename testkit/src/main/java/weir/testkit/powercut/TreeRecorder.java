package weir.testkit.powercut;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.testkit.powercut.Descriptors.OpenFile;
import weir.testkit.powercut.LiveTree.Node;

/** Applies calls to the live tree and writes down the operations that they were. */
final class TreeRecorder {
  private static final int AT_FDCWD = -100;
  private static final int O_ACCMODE = 3;
  private static final int O_CREAT = 0100;
  private static final int O_TRUNC = 01000;
  private static final int O_APPEND = 02000;
  private static final int O_DSYNC = 010000;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_TMPFILE = 020000000;
  private static final int FALLOC_KEEP_SIZE = 1;
  private static final int F_DUPFD = 0;
  private static final int F_SETFD = 2;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int MAP_SHARED_KINDS = 3;
  private static final int PROT_WRITE = 2;

  private final LiveTree tree = new LiveTree();
  private final List<Operation> operations = new ArrayList<>();
  private final Set<String> mapped = new TreeSet<>();
  private final List<String> problems;
  private final String root;
  private final String marks;

  TreeRecorder(String root, String marks, List<String> problems) {
    this.root = root;
    this.marks = marks;
    this.problems = problems;
  }

  LiveTree tree() {
    return tree;
  }

  List<Operation> operations() {
    return operations;
  }

  Set<String> mapped() {
    return mapped;
  }

  /** Descriptors that close free their number before others can be given it: at entry. */
  void begin(String name, String text, Descriptors descriptors) {
    if (name.equals("close")) {
      descriptors.close(Arguments.leadingNumber(text));
    }
  }

  void apply(Call call) {
    switch (call.name()) {
      case "open" -> open(call, AT_FDCWD, 0);
      case "creat" -> create(call);
      case "openat" -> open(call, call.arguments().integer(0), 1);
      case "write", "pwrite64", "writev", "pwritev", "pwritev2" -> write(call);
      case "ftruncate" -> truncate(call, nodeOf(call), call.arguments().number(1));
      case "truncate" -> truncate(call, nodeAt(call, AT_FDCWD, 0), call.arguments().number(1));
      case "fallocate" -> allocate(call);
      case "rename" -> rename(call, AT_FDCWD, 0, AT_FDCWD, 1);
      case "renameat", "renameat2" ->
          rename(call, call.arguments().integer(0), 1, call.arguments().integer(2), 3);
      case "link" -> link(call, AT_FDCWD, 0, AT_FDCWD, 1);
      case "linkat" -> link(call, call.arguments().integer(0), 1, call.arguments().integer(2), 3);
      case "unlink", "rmdir" -> unlink(call, AT_FDCWD, 0);
      case "unlinkat" -> unlink(call, call.arguments().integer(0), 1);
      case "mkdir" -> makeDirectory(call, AT_FDCWD, 0);
      case "mkdirat" -> makeDirectory(call, call.arguments().integer(0), 1);
      case "symlink", "symlinkat" -> symlink(call);
      case "fsync", "fdatasync", "sync", "syncfs" -> sync(call);
      case "copy_file_range", "sendfile", "splice" -> copy(call);
      case "mmap" -> map(call);
      case "io_uring_setup" -> problems.add("io_uring: its writes are not in a trace");
      default -> descriptorCall(call);
    }
  }

  private void descriptorCall(Call call) {
    Descriptors descriptors = call.descriptors();
    Arguments arguments = call.arguments();
    switch (call.name()) {
      case "dup" -> descriptors.duplicate(arguments.integer(0), (int) call.result(), false);
      case "dup2", "dup3" -> {
        boolean closesOnExec = arguments.size() > 2 && (arguments.number(2) & O_CLOEXEC) != 0;
        descriptors.duplicate(arguments.integer(0), arguments.integer(1), closesOnExec);
      }
      case "fcntl" -> control(call, arguments);
      case "close_range" -> {
        if ((arguments.number(2) & CLOSE_RANGE_CLOEXEC) != 0) {
          descriptors.setClosesOnExec(arguments.number(0), arguments.number(1), true);
        } else {
          descriptors.closeRange(arguments.number(0), arguments.number(1));
        }
      }
      case "lseek" -> {
        OpenFile file = descriptors.get(arguments.integer(0));
        if (file != null) {
          file.offset = call.result();
        }
      }
      case "chdir" -> descriptors.changeDirectory(descriptors.resolve(AT_FDCWD, arguments.path(0)));
      case "fchdir" -> descriptors.changeDirectory(descriptors.resolve(arguments.integer(0), ""));
      default -> {}
    }
  }

  private static void control(Call call, Arguments arguments) {
    int fd = arguments.integer(0);
    switch (arguments.integer(1)) {
      case F_DUPFD -> call.descriptors().duplicate(fd, (int) call.result(), false);
      case F_DUPFD_CLOEXEC -> call.descriptors().duplicate(fd, (int) call.result(), true);
      case F_SETFD -> call.descriptors().setClosesOnExec(fd, fd, arguments.number(2) == 1);
      default -> {}
    }
  }

  private void create(Call call) {
    opened(call, call.descriptors().resolve(AT_FDCWD, call.arguments().path(0)), O_CREAT | O_TRUNC);
  }

  private void open(Call call, int directory, int pathIndex) {
    Arguments arguments = call.arguments();
    String path = call.descriptors().resolve(directory, arguments.path(pathIndex));
    opened(call, path, arguments.number(pathIndex + 1));
  }

  private void opened(Call call, String path, long flags) {
    Node node = null;
    if (inRoot(path)) {
      String below = below(path);
      node = tree.find(below);
      if (node == null && (flags & O_CREAT) != 0) {
        node = tree.newNode(false);
        enter(call, below, node);
      } else if (node == null && (flags & O_ACCMODE) != 0) {
        problems.add("opened, but never seen made: " + below);
      } else if (node != null && (flags & O_TRUNC) != 0 && node.contents.size() > 0) {
        truncate(call, node, 0);
      }
      if ((flags & O_TMPFILE) == O_TMPFILE) {
        problems.add("O_TMPFILE in " + below);
      }
    }
    if (call.result() >= 0) {
      OpenFile file = new OpenFile(path, node, (flags & O_APPEND) != 0, (flags & O_DSYNC) != 0);
      call.descriptors().put((int) call.result(), file, (flags & O_CLOEXEC) != 0);
    }
  }

  private void write(Call call) {
    OpenFile file = call.descriptors().get(Arguments.leadingNumber(call.text()));
    if (file == null || (file.node == null && !file.path.equals(marks))) {
      return;
    }
    Arguments arguments = call.arguments();
    byte[] data = arguments.bytes(1);
    if (call.result() < data.length) {
      data = Arrays.copyOf(data, (int) call.result());
    }
    if (file.node == null) {
      String text = new String(data, StandardCharsets.UTF_8).strip();
      text.lines()
          .forEach(
              line -> operations.add(new Operation.Mark(call.started(), call.completed(), line)));
      return;
    }
    boolean positioned = call.name().startsWith("pwrite");
    long offset =
        positioned ? arguments.number(3) : file.append ? file.node.contents.size() : file.offset;
    if (!positioned) {
      file.offset = offset + data.length;
    }
    written(call, file, offset, data);
  }

  private void written(Call call, OpenFile file, long offset, byte[] data) {
    Node node = file.node;
    if (node == null || data.length == 0) {
      return;
    }
    node.contents.write(offset, data);
    operations.add(new Operation.Write(call.started(), call.completed(), node.id, offset, data));
    if (file.syncsEachWrite) {
      operations.add(
          new Operation.Sync(call.completed(), call.completed(), node.id, tree.pathOf(node)));
    }
  }

  private void copy(Call call) {
    Arguments arguments = call.arguments();
    boolean sendfile = call.name().equals("sendfile");
    OpenFile to = call.descriptors().get(arguments.integer(sendfile ? 0 : 2));
    OpenFile from = call.descriptors().get(arguments.integer(sendfile ? 1 : 0));
    if (to == null || to.node == null || call.result() <= 0) {
      return;
    }
    boolean offsets = !arguments.raw(sendfile ? 2 : 1).equals("NULL");
    offsets |= !sendfile && !arguments.raw(3).equals("NULL");
    if (from == null || from.node == null || offsets) {
      problems.add(call.name() + " of bytes that are not in the trace into " + below(to.path));
      return;
    }
    byte[] data = from.node.contents.slice(from.offset, from.offset + call.result());
    from.offset += data.length;
    long offset = to.append ? to.node.contents.size() : to.offset;
    to.offset = offset + data.length;
    written(call, to, offset, data);
  }

  private void truncate(Call call, @Nullable Node node, long size) {
    if (node != null && size != node.contents.size()) {
      node.contents.truncate(size);
      operations.add(new Operation.Truncate(call.started(), call.completed(), node.id, size));
    }
  }

  private void allocate(Call call) {
    Arguments arguments = call.arguments();
    Node node = nodeOf(call);
    if (node == null || arguments.number(1) == FALLOC_KEEP_SIZE) {
      return;
    }
    if (arguments.number(1) != 0) {
      problems.add("fallocate that moves or clears bytes");
    }
    truncate(call, node, Math.max(node.contents.size(), arguments.number(2) + arguments.number(3)));
  }

  private void rename(Call call, int fromDirectory, int fromIndex, int toDirectory, int toIndex) {
    Arguments arguments = call.arguments();
    String from = call.descriptors().resolve(fromDirectory, arguments.path(fromIndex));
    String to = call.descriptors().resolve(toDirectory, arguments.path(toIndex));
    if (!inRoot(from) && !inRoot(to)) {
      return;
    }
    Node node = inRoot(from) ? tree.find(below(from)) : null;
    Node fromParent = node == null ? null : tree.parent(below(from));
    Node toParent = inRoot(to) ? tree.parent(below(to)) : null;
    if (node == null || fromParent == null || toParent == null) {
      problems.add("renamed over the root's edge: " + from + " to " + to);
      return;
    }
    String fromName = LiveTree.name(from);
    fromParent.entries.remove(fromName);
    toParent.entries.put(LiveTree.name(to), node);
    operations.add(
        new Operation.Rename(
            call.started(),
            call.completed(),
            fromParent.id,
            fromName,
            toParent.id,
            LiveTree.name(to),
            node.id));
  }

  private void link(Call call, int fromDirectory, int fromIndex, int toDirectory, int toIndex) {
    Arguments arguments = call.arguments();
    String from = call.descriptors().resolve(fromDirectory, arguments.path(fromIndex));
    String to = call.descriptors().resolve(toDirectory, arguments.path(toIndex));
    if (!inRoot(to)) {
      return;
    }
    Node node = inRoot(from) ? tree.find(below(from)) : null;
    if (node == null) {
      problems.add("linked from outside: " + from);
    } else {
      enter(call, below(to), node);
    }
  }

  private void enter(Call call, String path, Node node) {
    Node parent = tree.parent(path);
    if (parent == null) {
      problems.add("made in a directory that was never seen made: " + path);
      return;
    }
    parent.entries.put(LiveTree.name(path), node);
    operations.add(
        new Operation.Create(
            call.started(),
            call.completed(),
            parent.id,
            LiveTree.name(path),
            node.id,
            node.directory));
  }

  private void unlink(Call call, int directory, int pathIndex) {
    String path = call.descriptors().resolve(directory, call.arguments().path(pathIndex));
    Node parent = inRoot(path) ? tree.parent(below(path)) : null;
    Node node = parent == null ? null : parent.entries.remove(LiveTree.name(path));
    if (parent != null && node != null) {
      operations.add(
          new Operation.Remove(
              call.started(), call.completed(), parent.id, LiveTree.name(path), node.id));
    }
  }

  private void makeDirectory(Call call, int directory, int pathIndex) {
    String path = call.descriptors().resolve(directory, call.arguments().path(pathIndex));
    if (inRoot(path) && !path.equals(root)) {
      enter(call, below(path), tree.newNode(true));
    }
  }

  private void symlink(Call call) {
    int directory = call.name().equals("symlink") ? AT_FDCWD : call.arguments().integer(1);
    String path =
        call.descriptors().resolve(directory, call.arguments().path(call.arguments().size() - 1));
    if (inRoot(path)) {
      problems.add("a symbolic link at " + below(path));
    }
  }

  private void sync(Call call) {
    if (call.name().startsWith("sync")) {
      operations.add(
          new Operation.Sync(call.started(), call.completed(), Recording.EVERYTHING, ""));
      return;
    }
    Node node = nodeOf(call);
    if (node != null) {
      operations.add(
          new Operation.Sync(call.started(), call.completed(), node.id, tree.pathOf(node)));
    }
  }

  private void map(Call call) {
    Arguments arguments = call.arguments();
    boolean writes =
        (arguments.number(2) & PROT_WRITE) != 0 && (arguments.number(3) & MAP_SHARED_KINDS) != 2;
    OpenFile file = writes ? call.descriptors().get(arguments.integer(4)) : null;
    if (file != null && file.node != null) {
      mapped.add(below(file.path));
    }
  }

  private @Nullable Node nodeOf(Call call) {
    OpenFile file = call.descriptors().get(Arguments.leadingNumber(call.text()));
    return file == null ? null : file.node;
  }

  private @Nullable Node nodeAt(Call call, int directory, int pathIndex) {
    String path = call.descriptors().resolve(directory, call.arguments().path(pathIndex));
    return inRoot(path) ? tree.find(below(path)) : null;
  }

  boolean inRoot(String path) {
    return path.equals(root) || path.startsWith(root + "/");
  }

  String below(String path) {
    return path.length() <= root.length() ? "" : path.substring(root.length() + 1);
  }
}
