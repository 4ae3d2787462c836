package weir.testkit.powercut;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open files of one process, and its working directory; threads share one. */
final class Descriptors {
  /** What open(2) makes: descriptors that dup or fork made share it and its offset. */
  static final class OpenFile {
    final String path;
    final LiveTree.@Nullable Node node;
    final boolean append;
    final boolean syncsEachWrite;
    long offset;

    OpenFile(String path, LiveTree.@Nullable Node node, boolean append, boolean syncsEachWrite) {
      this.path = path;
      this.node = node;
      this.append = append;
      this.syncsEachWrite = syncsEachWrite;
    }
  }

  private record Slot(OpenFile file, boolean closesOnExec) {}

  private final Map<Integer, Slot> slots = new HashMap<>();
  private String workingDirectory;

  Descriptors(String workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  /** What a forked child starts with. */
  Descriptors copy() {
    Descriptors copy = new Descriptors(workingDirectory);
    copy.slots.putAll(slots);
    return copy;
  }

  /** What is left after execve. */
  Descriptors afterExec() {
    Descriptors copy = copy();
    copy.slots.values().removeIf(Slot::closesOnExec);
    return copy;
  }

  @Nullable OpenFile get(int fd) {
    Slot slot = slots.get(fd);
    return slot == null ? null : slot.file();
  }

  void put(int fd, OpenFile file, boolean closesOnExec) {
    slots.put(fd, new Slot(file, closesOnExec));
  }

  void close(int fd) {
    slots.remove(fd);
  }

  void closeRange(long first, long last) {
    slots.keySet().removeIf(fd -> fd >= first && fd <= last);
  }

  void setClosesOnExec(long first, long last, boolean closesOnExec) {
    slots.replaceAll(
        (fd, slot) -> fd >= first && fd <= last ? new Slot(slot.file(), closesOnExec) : slot);
  }

  void duplicate(int fd, int to, boolean closesOnExec) {
    Slot slot = slots.get(fd);
    if (slot == null) {
      slots.remove(to);
    } else {
      slots.put(to, new Slot(slot.file(), closesOnExec));
    }
  }

  void changeDirectory(String path) {
    workingDirectory = path;
  }

  /** The absolute, normal form of a path that a call names. */
  String resolve(int directoryFd, String path) {
    OpenFile directory = get(directoryFd);
    String base = directory == null ? workingDirectory : directory.path;
    return java.nio.file.Path.of(base).resolve(path).normalize().toString();
  }
}
