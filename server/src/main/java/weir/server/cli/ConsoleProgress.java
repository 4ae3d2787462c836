package weir.server.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import weir.tools.importing.ImportProgress;

/** Progress as a bar on a terminal, else as a line now and then. */
final class ConsoleProgress implements ImportProgress {
  private static final Duration LINE_EVERY = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final LongSupplier ticker;
  private final boolean terminal;
  private final long start;
  private long lastLine;
  private @Nullable ProgressBar bar;

  /**
   * @param ticker nanoseconds
   */
  ConsoleProgress(PrintWriter out, LongSupplier ticker) {
    this.out = out;
    this.ticker = ticker;
    this.start = ticker.getAsLong();
    this.lastLine = start;
    Console console = System.console();
    this.terminal = console != null && console.isTerminal();
  }

  @Override
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void update(long done, long size, boolean countsBytes, long rows) {
    if (terminal) {
      ProgressBar shown = bar == null ? begin(size, countsBytes) : bar;
      shown.stepTo(Math.min(done, size));
      shown.setExtraMessage(String.format(Locale.ROOT, " %,d rows, %,d/s", rows, rate(rows)));
      return;
    }
    long now = ticker.getAsLong();
    if (now - lastLine >= LINE_EVERY.toNanos()) {
      lastLine = now;
      say(line(done, size, rows, now));
    }
  }

  private ProgressBar begin(long size, boolean countsBytes) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName("Importing")
            .setInitialMax(size)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
            .setUpdateIntervalMillis(200)
            .clearDisplayOnFinish();
    if (countsBytes) {
      builder.setUnit(" MiB", 1 << 20);
    }
    ProgressBar begun = builder.build();
    bar = begun;
    return begun;
  }

  private long rate(long rows) {
    double seconds = (ticker.getAsLong() - start) / 1e9;
    return seconds < 0.5 ? 0 : Math.round(rows / seconds);
  }

  private String line(long done, long size, long rows, long now) {
    double share = size == 0 ? 1 : Math.min(1.0, (double) done / size);
    long left = share == 0 ? 0 : Math.round((now - start) / 1e9 / share * (1 - share));
    return String.format(
        Locale.ROOT,
        "%3.0f %%  %,d rows, %,d/s, %d:%02d left",
        share * 100,
        rows,
        rate(rows),
        left / 60,
        left % 60);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
