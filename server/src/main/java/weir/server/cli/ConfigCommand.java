package weir.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    description = {
      "Prints the effective configuration as a YAML file, every setting explained.",
      "Settings come from the file that --config names, over it from environment variables",
      "(collect.port is WEIR_COLLECT_PORT), over them from the command line.",
      ""
    },
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    spec.commandLine().getOut().print(settings.load().toYaml());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
