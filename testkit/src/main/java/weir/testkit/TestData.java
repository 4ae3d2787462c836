package weir.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real-world input, where this machine has it. */
public final class TestData {
  private TestData() {}

  /** A folder of the data that WEIR_TEST_DATA names; the test is skipped where there is none. */
  public static Path folder(String name) {
    String root = System.getenv("WEIR_TEST_DATA");
    Assumptions.assumeTrue(
        root != null, "skipped: WEIR_TEST_DATA is not set, so there is no " + name);
    Path folder = Path.of(root, name);
    Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: " + folder + " does not exist");
    return folder;
  }
}
