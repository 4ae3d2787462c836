package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/** A command that measures and prints its figures beside what is asked of them. */
abstract class Measurement implements Callable<Integer> {
  static final PrintStream OUT = System.out;

  @Option(names = "--check", description = "Exit 1 where a figure is not what is asked.")
  boolean check;

  /**
   * Measures.
   *
   * @param work an empty folder
   * @param figures takes what was measured
   */
  abstract void measure(Path work, Figures figures)
      throws IOException, InterruptedException, TimeoutException, SQLException;

  /** Measures in a folder that is gone afterwards. */
  final Figures figures() throws IOException, InterruptedException, TimeoutException, SQLException {
    Path work = Files.createTempDirectory("weir-bench");
    try {
      Figures figures = new Figures();
      measure(work, figures);
      return figures;
    } finally {
      Trees.delete(work);
    }
  }

  @Override
  public final Integer call()
      throws IOException, InterruptedException, TimeoutException, SQLException {
    return figures().print(OUT) || !check ? 0 : 1;
  }
}
