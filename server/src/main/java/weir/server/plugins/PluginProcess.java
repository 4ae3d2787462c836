package weir.server.plugins;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.server.plugins.child.FrameInput;
import weir.server.plugins.child.FrameOutput;
import weir.server.plugins.child.Kind;

/**
 * A process that runs plug-ins. Whatever they do to it, who asks waits no longer than it says: what
 * is written and read is so on a thread that is given up with the process.
 */
final class PluginProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginProcess.class);
  private static final Duration END = Duration.ofSeconds(2);

  /** What a JVM with {@code -XX:+ExitOnOutOfMemoryError} ends with. */
  private static final int OUT_OF_MEMORY = 3;

  private final Process process;
  private final InputStream output;
  private final ExecutorService talking;
  private volatile int announced = -1;
  private volatile boolean closed;

  private PluginProcess(Process process, String project) {
    this.process = process;
    this.output = new BufferedInputStream(process.getInputStream(), 64 << 10);
    this.talking =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("weir-plugins-" + project).daemon().factory());
    Thread.ofPlatform()
        .name("weir-plugins-log-" + project)
        .daemon()
        .start(new PluginLog(process.getErrorStream(), project, System::nanoTime));
  }

  /**
   * @param project whose plug-ins, or what else it is for
   */
  static PluginProcess start(ProcessBuilder command, String project) throws IOException {
    return new PluginProcess(
        command
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .redirectError(ProcessBuilder.Redirect.PIPE)
            .start(),
        project);
  }

  boolean isAlive() {
    return !closed && process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param longest answer
   * @throws PluginFault if there is none; the process is then closed
   */
  FrameInput ask(FrameOutput question, byte kind, long longest, Duration within)
      throws PluginFault {
    announced = -1;
    Future<FrameInput> answer =
        talking.submit(() -> {
          question.send(process.getOutputStream(), kind);
          FrameInput frame = FrameInput.read(output, longest);
          while (frame.kind() == Kind.AT) {
            announced = frame.integer();
            frame = FrameInput.read(output, longest);
          }
          return frame;
        });
    try {
      FrameInput frame = uninterrupted(answer, within);
      if (frame.kind() == Kind.FAULT) {
        PluginFault fault = fault(frame);
        close();
        throw fault;
      }
      return frame;
    } catch (TimeoutException e) {
      close();
      throw new PluginFault("gave no answer within " + within.toMillis() + " ms", -1, announced);
    } catch (ExecutionException | IOException e) {
      throw new PluginFault(ended(e.getCause() == null ? e : e.getCause()), -1, announced);
    }
  }

  private static PluginFault fault(FrameInput frame) throws IOException {
    int index = frame.integer();
    int plugin = frame.integer();
    return new PluginFault(frame.text(), index, plugin);
  }

  /** What it was, of a process whose pipe is of no use any more. */
  private String ended(Throwable why) {
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        close();
        return "has closed or disturbed the pipe of its process (" + why.getMessage() + ")";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
    int code = process.isAlive() ? -1 : process.exitValue();
    return code == OUT_OF_MEMORY
        ? "ran out of memory (plugins.memory)"
        : "ended its process (exit code " + code + ")";
  }

  private static <T> T uninterrupted(Future<T> future, Duration within)
      throws ExecutionException, TimeoutException {
    long until = System.nanoTime() + within.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends it, and what it has started. */
  @Override
  public void close() {
    closed = true;
    try {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    } catch (RuntimeException e) {
      LOG.debug("what a plug-in has started cannot be listed", e);
    }
    process.destroyForcibly();
    talking.shutdownNow();
  }
}
