package weir.enrich.money;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of rates that is read again when it changes; of one that is wrong, the last good one
 * stays. Safe for use by several threads.
 */
public final class RatesFile {
  private static final Logger LOG = LoggerFactory.getLogger(RatesFile.class);

  private final Optional<Path> file;
  private volatile Rates rates = Rates.none();
  private volatile String trouble = "";
  private @Nullable String seen;

  public RatesFile(Optional<Path> file) {
    this.file = file;
  }

  Rates rates() {
    return rates;
  }

  /** Reads the file if it has changed; call it now and then, on one thread. */
  public synchronized void refresh() {
    if (file.isEmpty()) {
      return;
    }
    Path path = file.get();
    String stamp;
    try {
      stamp = Files.getLastModifiedTime(path) + " " + Files.size(path);
    } catch (IOException e) {
      stamp = "gone";
    }
    if (stamp.equals(seen)) {
      return;
    }
    seen = stamp;
    try {
      rates = Rates.read(path);
      trouble = "";
    } catch (IOException | RuntimeException e) {
      String why = stamp.equals("gone") ? "there is no file " + path : e.getMessage();
      LOG.error("rates of currencies: {}", why);
      trouble = "rates of currencies: " + why;
    }
  }

  /** What is wrong with the file; empty if nothing is. */
  public Optional<String> trouble() {
    return Optional.of(trouble).filter(text -> !text.isEmpty());
  }
}
