package weir.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;
import weir.tools.backup.BackupInfo;
import weir.tools.backup.Restore;

@Command(
    name = "restore",
    description = {
      "Makes a data directory of a backup.",
      "It may have another path than the one before: the paths in the lake's metadata are adapted.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  weir restore /backups/weir-monday.tar.zst --data /var/lib/weir-again"
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "BACKUP", description = "What weir backup has made.")
  Path backup = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The folder to make; not there yet, or empty.")
  Path data = Path.of("");

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    BackupInfo info = Restore.into(backup, data);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Restored %s, %s: all that was answered before %s.%n",
        Amount.of(info.files(), "file"), Amount.of(info.bytes(), "byte"), info.begun());
    out.println("Start it: weir start --data " + data);
    out.flush();
    return 0;
  }
}
