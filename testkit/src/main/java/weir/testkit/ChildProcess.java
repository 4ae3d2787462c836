package weir.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** A process that a test started: its output, its end. Closing kills it and its descendants. */
public final class ChildProcess implements AutoCloseable {
  private static final int KEPT_LINES = 5_000;

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread reader;
  private boolean ended;

  private ChildProcess(Process process, String name) {
    this.process = process;
    this.reader = Thread.ofPlatform().daemon().name("output of " + name).start(this::readOutput);
  }

  /** Starts a command; its error output is read with its output. */
  public static ChildProcess start(List<String> command, Path workingDirectory) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(workingDirectory.toFile())
            .redirectErrorStream(true)
            .start();
    return new ChildProcess(process, Path.of(command.getFirst()).getFileName().toString());
  }

  /** The command that runs a class with this JVM and this JVM's classpath. */
  public static List<String> java(List<String> jvmOptions, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }

  private void readOutput() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      take("output ended: " + e);
    } finally {
      lock.lock();
      try {
        ended = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void take(String line) {
    lock.lock();
    try {
      if (lines.size() == KEPT_LINES) {
        lines.remove(KEPT_LINES / 2);
      }
      lines.add(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has written so far; of very much, the middle is left out. */
  public String output() {
    lock.lock();
    try {
      return String.join("\n", lines);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a line of output.
   *
   * @throws TimeoutException with the output, if none comes in time or the process ends before
   */
  public String awaitLine(Predicate<String> wanted, Duration atMost)
      throws InterruptedException, TimeoutException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (true) {
        Optional<String> found = lines.stream().filter(wanted).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        if (ended || left <= 0) {
          throw new TimeoutException("no such line from the process:\n" + output());
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the process to end and returns its exit code.
   *
   * @throws TimeoutException with the output, if it lives on
   */
  public int awaitExit(Duration atMost) throws InterruptedException, TimeoutException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new TimeoutException("the process lives on:\n" + output());
    }
    reader.join(Duration.ofSeconds(5));
    return process.exitValue();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL for this process alone; its children find out by themselves. */
  public void kill() {
    process.destroyForcibly();
  }

  /** SIGKILL for another process by its number; nothing happens if there is none. */
  public static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      reader.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
