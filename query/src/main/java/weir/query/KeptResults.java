package weir.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results and failures of asynchronous queries, until they are fetched no more: the oldest go when
 * there are too many, too large or too old ones. A file that is being sent goes on being sent.
 */
final class KeptResults {
  private static final Logger LOG = LoggerFactory.getLogger(KeptResults.class);

  private record Kept(QueryState state, long bytes, long since) {}

  private final QueryOptions options;
  private final LongSupplier ticker;
  private final Map<QueryKey, Kept> kept = new LinkedHashMap<>();
  private long bytes;

  KeptResults(QueryOptions options, LongSupplier ticker) {
    this.options = options;
    this.ticker = ticker;
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(options.results())) {
      for (Path file : leftovers) {
        delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot empty " + options.results(), e);
    }
  }

  synchronized void keep(QueryKey key, QueryState state, long size) {
    remove(key);
    kept.put(key, new Kept(state, size, ticker.getAsLong()));
    bytes += size;
    expire();
  }

  synchronized Optional<QueryState> find(QueryKey key) {
    expire();
    return Optional.ofNullable(kept.get(key)).map(Kept::state);
  }

  synchronized boolean remove(QueryKey key) {
    Kept found = kept.remove(key);
    if (found == null) {
      return false;
    }
    discard(found);
    return true;
  }

  synchronized void expire() {
    Iterator<Kept> oldest = kept.values().iterator();
    while (oldest.hasNext()) {
      Kept each = oldest.next();
      boolean old = ticker.getAsLong() - each.since() > options.keptFor().toNanos();
      if (!old && kept.size() <= options.keptResults() && bytes <= options.keptBytes()) {
        return;
      }
      oldest.remove();
      discard(each);
    }
  }

  private void discard(Kept gone) {
    bytes -= gone.bytes();
    if (gone.state() instanceof QueryState.Done done) {
      delete(done.file());
    }
  }

  /** Deletes a file; one that cannot be deleted goes at the next start. */
  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("Cannot delete {}", file, e);
    }
  }
}
