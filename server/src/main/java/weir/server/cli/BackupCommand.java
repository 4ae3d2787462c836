package weir.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.server.logging.LogSetup;
import weir.tools.backup.Backup;
import weir.tools.backup.BackupInfo;

@Command(
    name = "backup",
    description = {
      "Copies a data directory, also while Weir runs on it.",
      "Everything that was answered 200 before is in the copy, and after a restore",
      "it is there exactly once.",
      "The copy holds the keys too: keep it where nobody else reads it.",
      ""
    },
    footer = {"", "Example:", "  weir backup /backups/weir-monday.tar.zst --data /var/lib/weir"},
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TARGET",
      description = "A file that ends in .tar.zst, or a folder; new or empty.")
  Path target = Path.of("");

  @Mixin DataOptions data = new DataOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    BackupInfo info =
        Backup.take(
            new DataDirectory(data.load().get(Settings.DATA)),
            target,
            InstantSource.system(),
            line -> {
              out.println(line);
              out.flush();
            });
    out.printf(
        "Wrote %s, %s, to %s%n",
        Amount.of(info.files(), "file"), Amount.of(info.bytes(), "byte"), target);
    out.println("weir restore " + target + " --data DIR makes a data directory of it.");
    out.flush();
    return 0;
  }
}
