package weir.server;

import java.nio.file.Path;
import weir.server.logging.LogSetup;
import weir.server.tables.ConversionChild;

/** What the engine starts to convert a file that a user sent. */
public final class ConversionMain {
  private ConversionMain() {}

  /**
   * Converts one file.
   *
   * @param args a folder, and the bytes of memory that DuckDB may take
   */
  public static void main(String[] args) throws Exception {
    LogSetup.quiet();
    ConversionChild.run(System.in, Path.of(args[0]), Long.parseLong(args[1]));
    Runtime.getRuntime().halt(0);
  }
}
