package weir.server;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import weir.config.ConfigurationLoader;
import weir.directory.Role;
import weir.server.roles.RoleProcess;

/**
 * What the supervisor starts for a role. Without the command line of {@link Main}, whose library
 * takes a good part of such a process's start.
 */
public final class RoleMain {
  private RoleMain() {}

  /**
   * Runs until told to stop.
   *
   * @param args the role, and the file with all settings
   */
  public static void main(String[] args) throws Exception {
    Role role = Role.valueOf(args[0].toUpperCase(Locale.ROOT));
    RoleProcess.run(role, ConfigurationLoader.load(Path.of(args[1]), Map.of(), Map.of()));
  }
}
