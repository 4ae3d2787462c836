package weir.server.roles;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.directory.RoleFile;
import weir.server.loopback.LoopbackAddress;

/** Asks other roles at their control ports. */
final class ControlClient {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final DataDirectory directory;

  ControlClient(DataDirectory directory) {
    this.directory = directory;
  }

  /** What a role answers; empty if it does not run, or not yet again. */
  Optional<String> get(Role role, String path) {
    try {
      Optional<RoleFile> file = RoleFile.read(directory.roleFile(role));
      if (file.isEmpty() || !file.get().isAlive()) {
        return Optional.empty();
      }
      LoopbackAddress address = new LoopbackAddress(file.get().control(), file.get().token());
      return Optional.of(address.get(path, PATIENCE));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
