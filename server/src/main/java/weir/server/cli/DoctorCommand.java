package weir.server.cli;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import weir.config.Configuration;
import weir.server.logging.LogSetup;
import weir.tools.doctor.Doctor;
import weir.tools.doctor.Finding;

@Command(
    name = "doctor",
    description = {
      "Looks whether this machine is fit for Weir.",
      "Java, memory, open files, the data directory, disk space, file system, speed",
      "of fsync, ports, clock, jars of plug-ins. Exits 1 when something fails.",
      "Takes the options of weir start.",
      ""
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    Configuration loaded = settings.load();
    List<Finding> findings =
        new ArrayList<>(Doctor.examine(loaded, InstantSource.system(), System::nanoTime));
    findings.addAll(PluginCheck.examine(loaded));
    PrintWriter out = spec.commandLine().getOut();
    for (Finding finding : findings) {
      out.printf(
          Locale.ROOT,
          "%-5s %-22s %s%n",
          finding.level().name().toLowerCase(Locale.ROOT),
          finding.subject(),
          finding.found());
      if (!finding.advice().isEmpty()) {
        out.printf(Locale.ROOT, "%-28s -> %s%n", "", finding.advice());
      }
    }
    out.flush();
    return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL) ? 1 : 0;
  }
}
