package weir.server.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import weir.server.config.ConfigurationLoader;
import weir.server.config.Role;
import weir.server.roles.RoleProcess;

/** What the supervisor starts; not for users. */
@Command(name = "role", hidden = true)
final class RoleCommand implements Callable<Integer> {
  @Parameters(index = "0")
  @Nullable Role role;

  @Option(names = "--config", required = true)
  @Nullable Path config;

  @Override
  public Integer call() throws Exception {
    if (role == null) {
      return WeirCommand.USAGE;
    }
    RoleProcess.run(role, ConfigurationLoader.load(config, Map.of(), Map.of()));
    return 0;
  }
}
