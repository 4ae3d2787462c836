package weir.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import weir.server.roles.Launch;

@Command(
    name = "start",
    description = {
      "Starts the collector, the engine and the query process, and keeps them running.",
      "Prints URLs when all is ready, and on a terminal the keys and a link to the",
      "live page; the keys are in DIR/credentials.json too.",
      "Ctrl-C or SIGTERM stops it in order.",
      ""
    },
    mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Launch.run(settings.load(), spec.commandLine().getOut());
    return 0;
  }
}
