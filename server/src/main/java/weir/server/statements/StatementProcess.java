package weir.server.statements;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import weir.server.loopback.LoopbackAddress;

/**
 * A child process that serves on the loopback. It says where, and with which token, in the first
 * line that it prints; it ends in order at a byte on its standard input, and at the end of that.
 */
final class StatementProcess {
  private final Process process;
  private final LoopbackAddress address;
  private final CompletableFuture<Integer> exited;

  private StatementProcess(Process process, LoopbackAddress address) {
    this.process = process;
    this.address = address;
    this.exited = process.onExit().thenApply(Process::exitValue);
  }

  /**
   * Starts one and waits until it serves.
   *
   * @throws IOException if it ends before; its log says more
   */
  static StatementProcess start(ProcessBuilder command) throws IOException {
    Process process =
        command
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
      String line = output.readLine();
      if (line == null) {
        throw new IOException("it ended before it was ready; see its log");
      }
      String[] words = line.split(" ");
      return new StatementProcess(
          process, new LoopbackAddress(Integer.parseInt(words[0]), words[1]));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  LoopbackAddress address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code, once it has ended. */
  CompletableFuture<Integer> exited() {
    return exited;
  }

  /** Asks it to end in order. */
  void askToStop() {
    try {
      OutputStream input = process.getOutputStream();
      input.write('q');
      input.flush();
    } catch (IOException e) {
      kill(); // it does not read any more
    }
  }

  void kill() {
    process.destroyForcibly();
  }

  /** Ends it, by force where it takes longer than it may. */
  void stop(Duration grace) throws InterruptedException {
    askToStop();
    if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
