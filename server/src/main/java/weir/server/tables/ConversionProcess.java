package weir.server.tables;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.directory.TemporaryFolder;
import weir.lake.stored.StoredInput;
import weir.lake.stored.TableConversion;
import weir.lake.stored.UnreadableInputException;
import weir.lake.stored.UnreadableInputException.Reason;
import weir.server.metrics.ResidentSize;

/**
 * Converts each file in a process of its own, which has a folder with that file and can write
 * nowhere else. Whatever a file does to the engine that reads it, it does to that process alone.
 */
public final class ConversionProcess implements TableConversion {
  private static final Logger LOG = LoggerFactory.getLogger(ConversionProcess.class);
  private static final long LOOK_MILLIS = 20;

  /** How long a process may go on past the time that it watches itself. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  static final String ANSWER = "answer.json";

  private final Function<Path, ProcessBuilder> command;
  private final long residentLimit;
  private final LongSupplier nanoTicker;

  /**
   * Makes processes.
   *
   * @param command starts {@link ConversionChild} for a folder
   * @param residentLimit bytes of memory, without mapped files, that one may take
   */
  public ConversionProcess(
      Function<Path, ProcessBuilder> command, long residentLimit, LongSupplier nanoTicker) {
    this.command = command;
    this.residentLimit = residentLimit;
    this.nanoTicker = nanoTicker;
  }

  @Override
  public Converted convert(Request request, BooleanSupplier cancelled)
      throws UnreadableInputException, IOException {
    Path folder = request.output().resolveSibling("convert-" + UUID.randomUUID());
    Files.createDirectory(folder);
    try {
      StoredInput input = request.input();
      Path inside = folder.resolve("input");
      Files.createLink(inside, input.file());
      Path output = Files.createFile(folder.resolve("output"));
      Request there =
          new Request(
              new StoredInput(inside, input.format(), input.types()),
              request.ids(),
              output,
              request.limits());
      run(folder, there, cancelled);
      Converted converted = ConversionMessages.answer(Files.readAllBytes(folder.resolve(ANSWER)));
      Files.move(output, request.output(), StandardCopyOption.REPLACE_EXISTING);
      return converted;
    } finally {
      TemporaryFolder.delete(folder);
    }
  }

  private void run(Path folder, Request request, BooleanSupplier cancelled)
      throws IOException, UnreadableInputException {
    Process process =
        command
            .apply(folder)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      ask(process, request);
      await(process, request.limits(), cancelled);
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0 || !Files.exists(folder.resolve(ANSWER))) {
      LOG.warn("a file's conversion ended with exit code {}", process.exitValue());
      throw new UnreadableInputException(
          Reason.INVALID,
          "the process that read it ended, most likely for the memory that it took");
    }
  }

  /** The pipe stays open: at its end the process would end too. */
  private static void ask(Process process, Request request) throws IOException {
    byte[] line = ConversionMessages.request(request);
    OutputStream stdin = process.getOutputStream();
    try {
      stdin.write(line);
      stdin.write('\n');
      stdin.flush();
    } catch (IOException e) {
      LOG.warn("a process for a conversion ended before it was asked", e);
    }
  }

  private void await(Process process, Limits limits, BooleanSupplier cancelled)
      throws UnreadableInputException, IOException {
    long began = nanoTicker.getAsLong();
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (cancelled.getAsBoolean()) {
          throw new UnreadableInputException(
              Reason.CANCELLED, "its sender has gone before its end");
        }
        Duration taken = Duration.ofNanos(nanoTicker.getAsLong() - began);
        if (taken.minus(GRACE).compareTo(limits.time()) > 0) {
          throw new UnreadableInputException(
              Reason.TOO_SLOW, "to read it takes longer than " + limits.time().toSeconds() + " s");
        }
        if (ResidentSize.withoutFiles(process.pid()) > residentLimit) {
          throw new UnreadableInputException(
              Reason.TOO_LARGE, "to read it takes more memory than files may");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a file was converted", e);
    }
  }
}
