package weir.testkit.powercut;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose child every process of a trace is, and the descriptors that it has.
 *
 * <p>A child's first lines may stand before the line in which its parent learns its number, so the
 * births are collected by a first pass over the trace.
 */
final class Processes {
  private static final int CLONE_FILES = 0x400;
  private static final Pattern FLAGS = Pattern.compile("flags=(0x[0-9a-f]+|\\d+)");

  private record Birth(int parent, boolean sharesFiles) {}

  private final Map<Integer, Deque<Birth>> births = new HashMap<>();
  private final Set<Long> lastLines = new HashSet<>();
  private final Map<Integer, Descriptors> running = new HashMap<>();
  private final Set<Integer> strangers = new TreeSet<>();
  private final String workingDirectory;

  Processes(BufferedReader trace, String workingDirectory) throws IOException {
    this.workingDirectory = workingDirectory;
    Map<Integer, String> begun = new HashMap<>();
    Map<Integer, Long> last = new HashMap<>();
    long number = 0;
    for (String line = trace.readLine(); line != null; line = trace.readLine()) {
      Integer pid = Integer.valueOf(Integer.parseInt(line, 0, line.indexOf(' '), 10));
      if (line.contains("+++ killed by")) {
        lastLines.add(last.getOrDefault(pid, -1L));
      }
      last.put(pid, number++);
      if (line.length() < 1000 && (line.contains("clone") || line.contains("fork"))) {
        readBirth(StraceLine.parse(line), begun);
      }
    }
  }

  private void readBirth(StraceLine line, Map<Integer, String> begun) {
    if (!line.name().startsWith("clone") && !line.name().endsWith("fork")) {
      return;
    }
    if (line.kind() == StraceLine.Kind.BEGIN) {
      begun.put(line.pid(), line.arguments());
      return;
    }
    String arguments = line.arguments();
    if (line.kind() == StraceLine.Kind.END) {
      arguments = begun.getOrDefault(line.pid(), "") + arguments;
      begun.remove(line.pid());
    }
    Long child = line.result();
    if (child != null && child > 0) {
      Matcher flags = FLAGS.matcher(arguments);
      boolean shares = flags.find() && (Arguments.number(flags.group(1)) & CLONE_FILES) != 0;
      births
          .computeIfAbsent(child.intValue(), pid -> new ArrayDeque<>())
          .add(new Birth(line.pid(), shares));
    }
  }

  /** Whether a line, counted from 0, is the last one of a thread that was killed. */
  boolean isLastOfKilled(long line) {
    return lastLines.contains(line);
  }

  Descriptors descriptors(int pid) {
    Descriptors known = running.get(pid);
    if (known != null) {
      return known;
    }
    Deque<Birth> waiting = births.get(pid);
    Descriptors descriptors;
    if (waiting == null || waiting.isEmpty()) {
      if (!running.isEmpty()) {
        strangers.add(pid);
      }
      descriptors = new Descriptors(workingDirectory);
    } else {
      Birth birth = waiting.remove();
      Descriptors parent = descriptors(birth.parent());
      descriptors = birth.sharesFiles() ? parent : parent.copy();
    }
    running.put(pid, descriptors);
    return descriptors;
  }

  /**
   * Processes whose birth the trace does not tell, as where their parent was killed within the
   * call: what they did with files by descriptor is not known.
   */
  List<String> strangers() {
    return strangers.stream().map(pid -> "no call is seen that started process " + pid).toList();
  }

  /** The files are known to be as they would be if the strangers had done nothing. */
  void forgetStrangers() {
    strangers.clear();
  }

  void executed(int pid) {
    running.put(pid, descriptors(pid).afterExec());
  }

  void ended(int pid) {
    running.remove(pid);
  }
}
