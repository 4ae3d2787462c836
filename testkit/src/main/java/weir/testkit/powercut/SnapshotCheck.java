package weir.testkit.powercut;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import weir.testkit.powercut.LiveTree.Node;

/**
 * Compares the tree that a trace gives with a copy of the real one, taken while nothing wrote.
 *
 * <p>It decides first, from the copy, which of the calls that were cut off by a kill still happened
 * (some never began: strace 6.1 may show a dying thread with another's call); then any difference
 * shows that the trace misses something.
 */
final class SnapshotCheck {
  private final TreeRecorder recorder;
  private final Map<String, byte[]> copy;

  SnapshotCheck(TreeRecorder recorder, Path snapshot) {
    this.recorder = recorder;
    this.copy = read(snapshot);
  }

  private static Map<String, byte[]> read(Path snapshot) {
    Map<String, byte[]> files = new HashMap<>();
    try (Stream<Path> paths = Files.walk(snapshot)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = snapshot.relativize(path).toString();
        if (!Files.isDirectory(path)) {
          files.put(name, Files.readAllBytes(path));
        } else {
          files.put(name + "/", new byte[0]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Applies those of these calls that happened, as far as they did. */
  void settle(List<Call> cutOff) {
    cutOff.stream().sorted(Comparator.comparingLong(Call::started)).forEach(this::settle);
  }

  private void settle(Call call) {
    switch (call.name()) {
      case "write", "pwrite64" -> settleWrite(call);
      case "ftruncate" -> {
        Descriptors.OpenFile file = call.descriptors().get(Arguments.leadingNumber(call.text()));
        if (file != null && file.node != null) {
          byte[] bytes = copy.get(recorder.tree().pathOf(file.node));
          applyIf(bytes != null && bytes.length == call.arguments().number(1), call);
        }
      }
      case "rename" -> settleNames(call, 0, 1);
      case "renameat", "renameat2" -> settleNames(call, 1, 3);
      case "unlink", "rmdir" -> applyIf(!exists(call, 0), call);
      case "unlinkat" -> applyIf(!exists(call, 1), call);
      case "open", "creat", "mkdir" -> applyIf(exists(call, 0), call);
      case "openat", "mkdirat" -> applyIf(exists(call, 1), call);
      default -> {}
    }
  }

  private void settleNames(Call call, int from, int to) {
    String path = call.descriptors().resolve(-100, call.arguments().path(from));
    boolean had = recorder.inRoot(path) && recorder.tree().find(recorder.below(path)) != null;
    applyIf(had && !exists(call, from) && exists(call, to), call);
  }

  private void applyIf(boolean happened, Call call) {
    if (happened) {
      recorder.apply(call.withResult(call.name().startsWith("open") ? -1 : 0));
    }
  }

  private boolean exists(Call call, int pathIndex) {
    String path = call.descriptors().resolve(-100, call.arguments().path(pathIndex));
    return recorder.inRoot(path)
        && (copy.containsKey(recorder.below(path)) || copy.containsKey(recorder.below(path) + "/"));
  }

  private void settleWrite(Call call) {
    Descriptors.OpenFile file = call.descriptors().get(Arguments.leadingNumber(call.text()));
    byte[] real =
        file == null || file.node == null ? null : copy.get(recorder.tree().pathOf(file.node));
    if (file == null || file.node == null || real == null) {
      return;
    }
    Arguments arguments = call.arguments();
    byte[] data = arguments.bytes(1);
    long offset =
        call.name().equals("pwrite64")
            ? arguments.number(3)
            : file.append ? file.node.contents.size() : file.offset;
    int length = (int) Math.max(0, Math.min(data.length, real.length - offset));
    int same =
        length == 0
            ? 0
            : Arrays.mismatch(data, 0, length, real, (int) offset, (int) offset + length);
    recorder.apply(call.withResult(same < 0 ? length : same));
  }

  /** Reports every file that differs. */
  void compare(Consumer<String> difference) {
    Map<String, Node> live = recorder.tree().files();
    live.forEach((path, node) -> {
      if (unseen(path)) {
        return;
      }
      byte[] real = copy.get(path);
      if (real == null) {
        difference.accept("in the trace alone: " + path);
        return;
      }
      int at = node.contents.mismatch(real);
      if (at >= 0) {
        difference.accept(
            "the trace gives other bytes: %s at %d (%d bytes, really %d)"
                .formatted(path, at, node.contents.size(), real.length));
      }
    });
    copy.keySet().stream()
        .filter(path -> !path.endsWith("/") && !unseen(path) && !live.containsKey(path))
        .forEach(path -> difference.accept("not in the trace: " + path));
  }

  private boolean unseen(String path) {
    return recorder.mapped().contains(path);
  }
}
