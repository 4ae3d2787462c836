package weir.server.api;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import weir.metadata.Credentials;
import weir.metadata.MetaStore;
import weir.process.MetaDatabase;

/** A metadata database with a first project whose keys are known. */
final class KnownKeys implements AutoCloseable {
  private final MetaDatabase database;
  private final MetaStore store;

  private KnownKeys(MetaDatabase database, MetaStore store) {
    this.database = database;
    this.store = store;
  }

  /** Makes one in an empty folder; the installation's key is {@code good}. */
  static KnownKeys create(Path folder, String project) throws IOException {
    Path file = folder.resolve("credentials.json");
    new Credentials("http://c", "http://a", project, "wk_known", "good", "a@b", "secret")
        .write(file);
    MetaDatabase database = MetaDatabase.open(folder.resolve("meta.db"));
    MetaStore store = new MetaStore(database.jdbi(), () -> Instant.EPOCH, (keys, webhooks) -> {});
    store.ensureFirstProject(file, "http://c", "http://a");
    return new KnownKeys(database, store);
  }

  MetaStore store() {
    return store;
  }

  @Override
  public void close() {
    database.close();
  }
}
