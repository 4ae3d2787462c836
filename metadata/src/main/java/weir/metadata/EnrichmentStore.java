package weir.metadata;

import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import weir.event.EpochMicros;

/**
 * What projects want of their enrichments, as the text that they gave. Safe for use by several
 * threads. All may block.
 */
public final class EnrichmentStore {
  private static final String OPEN =
      " where project in (select name from projects where closed_at is null)";

  private final Jdbi database;
  private final InstantSource clock;

  EnrichmentStore(Jdbi database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** By project; those that have set none are not among them. */
  public Map<String, String> all() {
    return database.withHandle(handle -> settings(handle, ""));
  }

  /**
   * The same of the projects that are open, out of a database that need not be up to date: there
   * are none where it has no place for them.
   */
  public static Map<String, String> kept(Jdbi database) {
    return database.withHandle(handle -> hasTable(handle) ? settings(handle, OPEN) : Map.of());
  }

  private static boolean hasTable(Handle handle) {
    return handle
        .createQuery("select 1 from sqlite_schema where name = 'enrichment_settings'")
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static Map<String, String> settings(Handle handle, String which) {
    return handle
        .createQuery("select project, settings from enrichment_settings" + which)
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Keeps a project's settings instead of those before.
   *
   * @throws RefusedException if there is no such project that is open
   */
  public void put(String project, String settings) throws RefusedException {
    database.useTransaction(transaction -> {
      if (!ProjectStore.isOpen(transaction, project)) {
        throw ProjectStore.unknown(project);
      }
      transaction.execute(
          "insert or replace into enrichment_settings values (?, ?, ?)",
          project,
          settings,
          EpochMicros.of(clock.instant()));
    });
  }
}
