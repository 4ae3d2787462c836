package weir.tools.doctor;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;

/** Looks at everything that a Weir with these settings needs of its machine. */
public final class Doctor {
  private Doctor() {}

  /**
   * Looks; writes a small file in the data directory, or in the folder above where there is none
   * yet, and deletes it again.
   *
   * @param ticker nanoseconds
   */
  public static List<Finding> examine(
      Configuration settings, InstantSource clock, LongSupplier ticker)
      throws InterruptedException {
    DataDirectory directory = new DataDirectory(settings.get(Settings.DATA));
    List<Finding> findings = new ArrayList<>();
    findings.addAll(MachineCheck.examine(settings));
    findings.addAll(new DiskCheck(directory, settings, ticker).examine());
    findings.addAll(new NetworkCheck(directory, settings, clock).examine());
    return findings;
  }
}
