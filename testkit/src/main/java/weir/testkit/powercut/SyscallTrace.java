package weir.testkit.powercut;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads what {@link Strace} wrote.
 *
 * <p>A traced process may append marks to a file outside of the root, one write for each. It says
 * {@code kill} before it kills another with a signal that cannot be handled, for then the last call
 * of every thread has an outcome that the trace does not tell. {@code snapshot PATH} says that no
 * process that writes below the root is alive and that PATH holds a copy of it: the outcomes are
 * settled by it, and the trace is compared with it. So one must follow every kill, before anything
 * is started again.
 */
public final class SyscallTrace {
  /** The mark that a kill comes next. */
  public static final String KILL = "kill";

  /** Begins the mark that names a copy of the root. */
  public static final String SNAPSHOT = "snapshot ";

  private final Path trace;
  private final TreeRecorder recorder;
  private final Processes processes;
  private final List<String> problems = new ArrayList<>();
  private final Map<Integer, Call> begun = new HashMap<>();
  private final List<Call> cutOff = new ArrayList<>();
  private int checkedMarks;
  private boolean killing;

  private SyscallTrace(Path trace, Path root, Path marks, Path workingDirectory)
      throws IOException {
    this.trace = trace;
    this.recorder = new TreeRecorder(root.toString(), marks.toString(), problems);
    try (BufferedReader reader = Files.newBufferedReader(trace, StandardCharsets.ISO_8859_1)) {
      this.processes = new Processes(reader, workingDirectory.toString());
    }
  }

  /**
   * Reads a whole trace.
   *
   * @param trace the file that strace wrote
   * @param root the data directory, empty when the trace began; absolute, without symbolic links
   * @param marks the file of marks; absolute, without symbolic links
   * @param workingDirectory that of the first traced process
   */
  public static Recording read(Path trace, Path root, Path marks, Path workingDirectory)
      throws IOException {
    return new SyscallTrace(trace, root, marks, workingDirectory).read();
  }

  private Recording read() throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(trace, StandardCharsets.ISO_8859_1)) {
      long number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        take(StraceLine.parse(line), number);
        number++;
      }
    }
    problems.addAll(processes.strangers());
    return compress(recorder.operations());
  }

  private void take(StraceLine line, long number) {
    long step = 2 * number;
    switch (line.kind()) {
      case WHOLE -> {
        Call call = begin(line, step);
        finish(line, call.text(), call, step + 1, number);
      }
      case BEGIN -> begun.put(line.pid(), begin(line, step));
      case END -> {
        Call call = begun.remove(line.pid());
        if (call != null) {
          finish(line, call.text() + line.arguments(), call, step, number);
        }
      }
      case EXIT -> {
        Call call = begun.remove(line.pid());
        if (call != null) {
          cutOff.add(call.completed(call.text(), 0, step));
        }
        processes.ended(line.pid());
      }
      case OTHER -> {}
    }
  }

  private Call begin(StraceLine line, long step) {
    Descriptors descriptors = processes.descriptors(line.pid());
    recorder.begin(line.name(), line.arguments(), descriptors);
    return new Call(line.pid(), line.name(), line.arguments(), 0, step, step, descriptors);
  }

  private void finish(StraceLine line, String text, Call begun, long step, long number) {
    Long result = line.result();
    if (result == null || isDoubtful(line.name(), result, number)) {
      cutOff.add(begun.completed(text, 0, step));
    } else if (line.name().equals("execve") && result == 0) {
      processes.executed(line.pid());
    } else if (result >= 0) {
      recorder.apply(begun.completed(text, result, step));
      checkMarks();
    }
  }

  /**
   * What strace shows as the result of a thread's last call may be no more than what lay around.
   */
  private boolean isDoubtful(String name, long result, long number) {
    return killing && processes.isLastOfKilled(number) && (result < 0 || name.contains("write"));
  }

  private void checkMarks() {
    List<Operation> operations = recorder.operations();
    int end = operations.size();
    for (; checkedMarks < end; checkedMarks++) {
      if (!(operations.get(checkedMarks) instanceof Operation.Mark mark)) {
        continue;
      }
      killing |= mark.text().equals(KILL);
      if (mark.text().startsWith(SNAPSHOT)) {
        Path copy = Path.of(mark.text().substring(SNAPSHOT.length()));
        SnapshotCheck check = new SnapshotCheck(recorder, copy);
        check.settle(cutOff);
        cutOff.clear();
        killing = false;
        check.compare(problems::add);
        processes.forgetStrangers();
      }
    }
  }

  /** Numbers the steps at which anything happens from 1 on, so that cuts fall among them evenly. */
  private Recording compress(List<Operation> operations) {
    TreeSet<Long> used = new TreeSet<>();
    for (Operation operation : operations) {
      used.add(operation.started());
      used.add(operation.completed());
    }
    Map<Long, Long> numbers = new TreeMap<>();
    used.forEach(step -> numbers.put(step, (long) numbers.size() + 1));
    List<Operation> renumbered =
        operations.stream()
            .map(operation ->
                renumber(
                    operation,
                    numbers.getOrDefault(operation.started(), 0L),
                    numbers.getOrDefault(operation.completed(), 0L)))
            .sorted(Comparator.comparingLong(Operation::completed))
            .toList();
    return new Recording(renumbered, numbers.size(), recorder.mapped(), problems);
  }

  private static Operation renumber(Operation operation, long from, long to) {
    return switch (operation) {
      case Operation.Write o -> new Operation.Write(from, to, o.file(), o.offset(), o.data());
      case Operation.Truncate o -> new Operation.Truncate(from, to, o.file(), o.size());
      case Operation.Create o ->
          new Operation.Create(from, to, o.directory(), o.name(), o.node(), o.isDirectory());
      case Operation.Remove o -> new Operation.Remove(from, to, o.directory(), o.name(), o.node());
      case Operation.Rename o ->
          new Operation.Rename(
              from, to, o.fromDirectory(), o.from(), o.directory(), o.name(), o.node());
      case Operation.Sync o -> new Operation.Sync(from, to, o.node(), o.path());
      case Operation.Mark o -> new Operation.Mark(from, to, o.text());
    };
  }
}
