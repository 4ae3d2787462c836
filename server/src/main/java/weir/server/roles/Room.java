package weir.server.roles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.directory.DataDirectory;
import weir.log.files.DiskFull;

/** Room on the disk of a data directory for what a start writes. */
final class Room {
  private static final Logger LOG = LoggerFactory.getLogger(Room.class);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
  private static final int BYTES = 256 << 10;

  private Room() {}

  /**
   * Returns once there is some. A start that gave up instead would have to be repeated by hand.
   *
   * @throws IOException if nothing can be written for another reason
   */
  static void await(DataDirectory directory) throws IOException, InterruptedException {
    boolean told = false;
    while (!isThere(directory.root().resolve("room"))) {
      if (!told) {
        LOG.warn(
            "the disk of {} is full: the start goes on as soon as there is room", directory.root());
        told = true;
      }
      Thread.sleep(ASK_AGAIN);
    }
  }

  private static boolean isThere(Path probe) throws IOException {
    try {
      Files.write(probe, new byte[BYTES]);
      return true;
    } catch (IOException e) {
      if (DiskFull.is(e)) {
        return false;
      }
      throw e;
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
