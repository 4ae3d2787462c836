package weir.server.tables;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import weir.lake.stored.TableConversion;
import weir.lake.stored.UnreadableInputException;
import weir.query.duckdb.DuckDbEngine;
import weir.query.sandbox.FileSandbox;

/** The process that converts one file. */
public final class ConversionChild {
  private ConversionChild() {}

  /**
   * Converts what the first line of the input asks for, and ends when the input does.
   *
   * @param folder of its files, the only one that it can write to
   * @param memoryBytes of DuckDB
   */
  public static void run(InputStream in, Path folder, long memoryBytes)
      throws IOException, SQLException {
    DuckDbEngine.load();
    FileSandbox.enter(List.of(folder));
    TableConversion.Request request = ConversionMessages.request(line(in));
    Thread.ofPlatform().daemon().name("parent-watch").start(() -> endWith(in));
    byte[] answer;
    try {
      answer =
          ConversionMessages.answer(
              TableConversion.within(memoryBytes, System::nanoTime).convert(request, () -> false));
    } catch (UnreadableInputException e) {
      answer = ConversionMessages.answer(e);
    }
    Files.write(folder.resolve(ConversionProcess.ANSWER), answer);
  }

  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
  }

  private static void endWith(InputStream in) {
    try {
      while (in.read() >= 0) {
        continue;
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(1); // the pipe is broken: nobody waits
    }
    Runtime.getRuntime().halt(1);
  }
}
