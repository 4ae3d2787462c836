package weir.server.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import weir.config.Reference;

@Command(
    name = "config",
    description = {
      "Prints the effective configuration as a YAML file, every setting explained.",
      "Settings come from the file that --config names, over it from environment",
      "variables (collect.port is WEIR_COLLECT_PORT), over them from the command line.",
      ""
    },
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Option(
      names = "--reference",
      description = "Print the guide's page about all settings, in Markdown, instead.")
  boolean reference;

  @Mixin SettingsOptions settings = new SettingsOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.print(reference ? Reference.markdown() : settings.load().toYaml());
    out.flush();
    return 0;
  }
}
