package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

/**
 * Starts Weir on what a power cut has left, until nothing is in flight, and reads what is there.
 */
interface Recovery {
  Expectation.Found recover(Path data) throws IOException, InterruptedException, TimeoutException;
}
