package weir.server.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what a process of plug-ins prints: some lines a second, the rest is read and forgotten. */
final class PluginLog implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginLog.class);
  private static final int LINES = 30;
  private static final int LONGEST = 600;
  private static final long SECOND = 1_000_000_000L;

  private final InputStream from;
  private final String project;
  private final LongSupplier ticker;
  private final StringBuilder line = new StringBuilder();
  private long since;
  private int logged;

  /**
   * @param ticker nanoseconds
   */
  PluginLog(InputStream from, String project, LongSupplier ticker) {
    this.from = from;
    this.project = project;
    this.ticker = ticker;
    this.since = ticker.getAsLong();
  }

  @Override
  public void run() {
    byte[] bytes = new byte[4 << 10];
    try {
      for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
        for (char next : new String(bytes, 0, read, StandardCharsets.ISO_8859_1).toCharArray()) {
          add(next);
        }
      }
      if (!line.isEmpty()) { // what it said as it ended
        end();
      }
    } catch (IOException e) {
      LOG.debug("what plug-ins of {} print cannot be read any more", project, e);
    }
  }

  private void add(char next) {
    if (next != '\n') {
      if (line.length() < LONGEST) {
        line.append(next);
      }
      return;
    }
    end();
  }

  private void end() {
    long now = ticker.getAsLong();
    if (now - since >= SECOND) {
      since = now;
      logged = 0;
    }
    if (logged++ < LINES) {
      String said =
          new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      LOG.info("plug-ins of {} print: {}", project, said.replaceAll("\\p{Cntrl}", "?"));
    }
    line.setLength(0);
  }
}
