package weir.server;

import java.nio.file.Path;
import java.util.Map;
import weir.config.ConfigurationLoader;
import weir.server.roles.StatementRole;

/** What the engine starts for the statements of a project. */
public final class StatementMain {
  private StatementMain() {}

  /**
   * Runs until told to stop.
   *
   * @param args the file with all settings, the project, an empty folder
   */
  public static void main(String[] args) throws Exception {
    StatementRole.run(
        ConfigurationLoader.load(Path.of(args[0]), Map.of(), Map.of()), args[1], Path.of(args[2]));
  }
}
