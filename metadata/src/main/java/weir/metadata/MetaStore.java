package weir.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.EpochMicros;

/** Projects, keys and users. Safe for use by several threads. */
public final class MetaStore {
  private static final Logger LOG = LoggerFactory.getLogger(MetaStore.class);

  /** What the first project's write key says its events come from. */
  public static final String FIRST_SOURCE = "default";

  private final Jdbi database;
  private final InstantSource clock;
  private final WriteKeyListener listener;
  private final Object publishing = new Object();
  private final KeyUses uses = new KeyUses();
  private final KeyStore keys;
  private final ProjectStore projects;
  private final EnrichmentStore enrichments;
  private final ConsumerStore consumers;
  private final WebhookStore webhooks;
  private final WebhookRequests webhookRequests;

  /** Told when write keys or webhooks may have changed. */
  public interface WriteKeyListener {
    /**
     * Brings these write keys and webhooks into force instead of those before. Never called by two
     * threads at a time, and with newer ones each time.
     */
    void publish(List<WriteKey> keys, List<Webhook> webhooks);
  }

  /**
   * Over a database that has this module's tables.
   *
   * @param database with the migrations of {@code db/migration/meta} applied
   */
  public MetaStore(Jdbi database, InstantSource clock, WriteKeyListener listener) {
    this.database = database;
    this.clock = clock;
    this.listener = listener;
    this.keys = new KeyStore(database, clock, uses, this::publish);
    this.projects = new ProjectStore(database, clock, keys);
    this.enrichments = new EnrichmentStore(database, clock);
    this.consumers = new ConsumerStore(database, clock);
    this.webhooks = new WebhookStore(database, clock, this::publish);
    this.webhookRequests = new WebhookRequests(database);
  }

  public KeyStore keys() {
    return keys;
  }

  public ProjectStore projects() {
    return projects;
  }

  public EnrichmentStore enrichments() {
    return enrichments;
  }

  public ConsumerStore consumers() {
    return consumers;
  }

  public WebhookStore webhooks() {
    return webhooks;
  }

  public WebhookRequests webhookRequests() {
    return webhookRequests;
  }

  /** What the API keys hold open. */
  public KeyUses uses() {
    return uses;
  }

  /** Tells the listener the write keys and webhooks of now. */
  public void publish() {
    synchronized (publishing) {
      listener.publish(keys.writeKeys(), webhooks.inForce());
    }
  }

  /**
   * Sees to it that there is a project, with its keys and an administrator, and that the
   * credentials file names them and the URLs of today. The file is written before the database, so
   * that no crash between the two leaves secrets that nobody knows. A file that its owner has taken
   * away after the first start stays away.
   */
  public Optional<Credentials> ensureFirstProject(Path file, String collector, String api)
      throws IOException {
    Optional<Credentials> known = Credentials.read(file);
    if (known.isEmpty() && hasProjects()) {
      return Optional.empty();
    }
    Credentials credentials =
        known.orElseGet(() -> Credentials.mint(collector, api)).at(collector, api);
    if (!known.equals(Optional.of(credentials))) {
      credentials.write(file);
    }
    if (!hasProjects()) {
      database.useTransaction(transaction -> insert(transaction, credentials));
      LOG.info("created the project {}", credentials.project());
    }
    keys.find(credentials.apiKey());
    return Optional.of(credentials);
  }

  private boolean hasProjects() {
    return database.withHandle(
        handle -> handle.createQuery("select count(*) from projects").mapTo(Long.class).one() > 0);
  }

  private void insert(Handle transaction, Credentials credentials) {
    Instant now = clock.instant();
    String project = credentials.project();
    NewKey.Api whole = new NewKey.Api("first", KeyScope.ADMIN, true, Optional.empty());
    List<KeyRecord.Created> both =
        List.of(
            KeyRows.write(project, new NewKey.Write(FIRST_SOURCE), credentials.writeKey(), now),
            KeyRows.api(project, whole, credentials.apiKey(), now));
    transaction.execute(
        "insert into projects (name, created_at) values (?, ?)", project, EpochMicros.of(now));
    KeyRows.insert(transaction, both, KeyRows.verifiers(both));
    transaction.execute(
        "insert into users values (?, ?, 'admin', ?)",
        credentials.adminEmail(),
        Secrets.hashPassword(credentials.adminPassword()),
        EpochMicros.of(now));
  }
}
