package weir.query.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.query.QueryKey;

/**
 * Results and failures of asynchronous queries, until they are fetched no more: the oldest go when
 * there are too many, too large or too old ones. A file that is being sent goes on being sent.
 *
 * <p>A note beside each file says whose it is, so that the next process of this folder has the
 * results of the one before it, and can say of a query that it ended with that.
 */
final class KeptResults {
  private static final Logger LOG = LoggerFactory.getLogger(KeptResults.class);

  private record Kept(Path file, QueryState state, long bytes, long since) {}

  private final QueryOptions options;
  private final LongSupplier ticker;
  private final Map<QueryKey, Kept> kept = new LinkedHashMap<>();
  private long bytes;

  KeptResults(QueryOptions options, LongSupplier ticker) {
    this.options = options;
    this.ticker = ticker;
    for (KeptNote note : KeptNote.readAll(options.results())) {
      put(note.key(), note.file(), note.state(), note.bytes());
    }
  }

  /**
   * Notes that a query begins whose result will be kept.
   *
   * @param file for its result
   * @throws IOException if nothing can be written
   */
  void begin(QueryKey key, Path file) throws IOException {
    KeptNote.unfinished(key, file).write();
  }

  synchronized void keep(QueryKey key, Path file, QueryState state, long size) {
    remove(key);
    put(key, file, state, size);
    try {
      new KeptNote(key, file, state, size).write();
    } catch (IOException e) {
      LOG.warn("The result of {} will be gone with this process", key.id(), e);
    }
    expire();
  }

  private void put(QueryKey key, Path file, QueryState state, long size) {
    kept.put(key, new Kept(file, state, size, ticker.getAsLong()));
    bytes += size;
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
    delete(gone.file());
    delete(KeptNote.beside(gone.file()));
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
