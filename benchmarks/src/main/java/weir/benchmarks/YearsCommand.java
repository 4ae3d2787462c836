package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench years}. */
@Command(
    name = "years",
    description = "Start, answers and upkeep on a data directory of made-up years.",
    mixinStandardHelpOptions = true)
final class YearsCommand extends Measurement {
  @Option(names = "--days", description = "Of ledger and events.", defaultValue = "1095")
  int days;

  @Option(names = "--names", description = "Event names.", defaultValue = "400")
  int names;

  @Option(names = "--snapshots", description = "Of the table of events.", defaultValue = "2000")
  int snapshots;

  @Option(names = "--events", description = "In each of them.", defaultValue = "400")
  int events;

  @Option(
      names = "--ledger-minutes",
      description = "From one row of the ledger to the next.",
      defaultValue = "1")
  int ledgerMinutes;

  @Option(names = "--data", description = "Folder that keeps what was made for the next run.")
  @Nullable Path kept;

  @Override
  void measure(Path work, Figures figures)
      throws IOException, InterruptedException, TimeoutException, SQLException {
    YearsData.Size size = new YearsData.Size(days, names, snapshots, events, ledgerMinutes);
    Path folder = kept == null ? work : Files.createDirectories(kept.toAbsolutePath());
    new Years(folder, size, InstantSource.system(), System::nanoTime, OUT).run(figures);
  }
}
