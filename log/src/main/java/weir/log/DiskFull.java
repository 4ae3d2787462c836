package weir.log;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a full disk from other failures: Java has no exception of its own for it. */
final class DiskFull {
  private static final List<String> MESSAGES = List.of("No space left", "Disk quota exceeded");

  private DiskFull() {}

  static boolean is(IOException e) {
    @Nullable String message = e.getMessage();
    return message != null && MESSAGES.stream().anyMatch(message::contains);
  }
}
