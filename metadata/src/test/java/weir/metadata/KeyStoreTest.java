package weir.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.ProjectName;
import weir.process.MetaDatabase;

class KeyStoreTest {
  private static final NewKey READ =
      new NewKey.Api("reader", KeyScope.READ, false, Optional.empty());
  private static final NewKey WHOLE =
      new NewKey.Api("whole", KeyScope.ADMIN, true, Optional.empty());

  @TempDir Path folder;
  private final List<List<WriteKey>> published = new CopyOnWriteArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private MetaDatabase database;
  private MetaStore store;
  private Credentials first;

  @BeforeEach
  void open() throws IOException {
    database = MetaDatabase.open(folder.resolve("meta.db"));
    store = new MetaStore(database.jdbi(), () -> now, (keys, webhooks) -> published.add(keys));
    first =
        store
            .ensureFirstProject(folder.resolve("credentials.json"), "http://c", "http://a")
            .orElseThrow();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private KeyRecord.Created create(NewKey key) throws RefusedException {
    return store.keys().create("default", List.of(key)).getFirst();
  }

  @Test
  void theFirstKeyIsThatOfTheInstallation() {
    ApiKey key = store.keys().find(first.apiKey()).orElseThrow();
    assertThat(key.installation()).isTrue();
    assertThat(key.scope()).isEqualTo(KeyScope.ADMIN);
    assertThat(key.limit()).isEmpty();
  }

  @Test
  void aKeyIsWhatItWasMadeAs() throws RefusedException {
    KeyLimit limit = new KeyLimit("restaurant id", "\"1 7\"");
    KeyRecord.Created made = create(new NewKey.Api("17", KeyScope.READ, false, Optional.of(limit)));
    ApiKey found = store.keys().find(made.secret()).orElseThrow();
    assertThat(found)
        .isEqualTo(
            new ApiKey(made.key().id(), "default", KeyScope.READ, false, Optional.of(limit)));
    assertThat(found.asks("other").parameters())
        .isEqualTo(
            "project=other&key="
                + found.id()
                + "&limit_property=restaurant+id"
                + "&limit_value=%221+7%22");
    assertThat(store.keys().get("default", found.id())).contains(made.key());
    assertThat(made.key().shown()).hasSize(8);
    assertThat(made.secret()).startsWith(made.key().shown());
    assertThat(store.keys().get("other", found.id())).isEmpty();
  }

  @Test
  void aLimitedKeyReadsOneProject() {
    Optional<KeyLimit> limit = Optional.of(new KeyLimit("a", "1"));
    assertThatThrownBy(() -> new NewKey.Api("", KeyScope.ADMIN, false, limit))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NewKey.Api("", KeyScope.READ, true, limit))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyLimit(" ", "1")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachChangeIsPublishedWithTheKeysOfThen() throws RefusedException {
    KeyRecord.Created ios = create(new NewKey.Write("ios"));
    assertThat(published.getLast()).extracting(WriteKey::source).contains("ios", "default");
    store.keys().revoke("default", ios.key().id());
    assertThat(published.getLast()).extracting(WriteKey::source).containsExactly("default");
    store.projects().create(new ProjectName("shop"));
    assertThat(published.getLast()).extracting(WriteKey::project).contains("default", "shop");
    store.projects().close("shop");
    assertThat(published.getLast()).extracting(WriteKey::project).containsExactly("default");
  }

  @Test
  void rulesAreKeptChangedAndPublished() throws RefusedException {
    KeyRecord.Created web = create(new NewKey.Write("web", Optional.of("{\"burst\":1}")));
    String id = web.key().id();
    assertThat(web.key().rules()).contains("{\"burst\":1}");
    assertThat(store.keys().get("default", id).orElseThrow()).isEqualTo(web.key());
    assertThat(published.getLast())
        .contains(new WriteKey(web.secret(), "default", "web", Optional.of("{\"burst\":1}")));
    KeyRecord changed =
        store.keys().changeRules("default", id, before -> before.map(text -> text + " "));
    assertThat(changed.rules()).contains("{\"burst\":1} ");
    assertThat(published.getLast())
        .contains(new WriteKey(web.secret(), "default", "web", changed.rules()));
    assertThatThrownBy(() ->
            store
                .keys()
                .changeRules(
                    "default",
                    id,
                    before -> {
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");
    assertThat(store.keys().get("default", id)).contains(changed);
    assertThat(store.keys().changeRules("default", id, before -> Optional.empty()).rules())
        .isEmpty();
    assertThat(store.keys().writeKeys("default"))
        .contains(new WriteKey(web.secret(), "default", "web"));
  }

  @Test
  void onlyWriteKeysInForceHaveRules() throws RefusedException {
    KeyRecord.Created api = create(READ);
    KeyRecord.Created gone = create(new NewKey.Write("gone"));
    store.keys().revoke("default", gone.key().id());
    for (String id : List.of(api.key().id(), gone.key().id(), "key_none")) {
      assertThatThrownBy(() -> store.keys().changeRules("default", id, before -> before))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(id);
    }
  }

  @Test
  void whatARevokedKeyHoldsOpenEndsOnce() throws RefusedException {
    KeyRecord.Created key = create(READ);
    KeyRecord.Created other = create(READ);
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger over = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    KeyUses.Use use = store.uses().open(key.key().id(), ended::incrementAndGet);
    store.uses().open(key.key().id(), over::incrementAndGet).close();
    store.uses().open(other.key().id(), others::incrementAndGet);
    KeyRecord revoked = store.keys().revoke("default", key.key().id());
    assertThat(revoked.revokedAt()).contains(now);
    assertThat(ended).hasValue(1);
    assertThat(over).as("closed before").hasValue(0);
    assertThat(others).hasValue(0);
    now = now.plusSeconds(1);
    assertThat(store.keys().revoke("default", key.key().id())).isEqualTo(revoked);
    assertThat(ended).hasValue(1);
    use.close();
    assertThat(store.keys().find(key.secret())).isEmpty();
    assertThat(store.keys().verifiers("default"))
        .extracting(each -> each.key().id())
        .contains(other.key().id())
        .doesNotContain(key.key().id());
  }

  @Test
  void whoLookedAKeyUpBeforeItWasRevokedIsEndedAtOnce() throws RefusedException {
    KeyRecord.Created key = create(READ);
    ApiKey found = store.keys().find(key.secret()).orElseThrow();
    store.keys().revoke("default", key.key().id());
    AtomicInteger ended = new AtomicInteger();
    store.uses().open(found.id(), ended::incrementAndGet);
    assertThat(ended).hasValue(1);
  }

  @Test
  void theLastKeyOfTheInstallationStays() throws RefusedException {
    String id = store.keys().find(first.apiKey()).orElseThrow().id();
    assertThatThrownBy(() -> store.keys().revoke("default", id))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusedException.Reason.LAST_KEY));
    assertThatThrownBy(() -> store.projects().close("default"))
        .isInstanceOf(RefusedException.class);
    assertThat(store.keys().find(first.apiKey())).isPresent();
    KeyRecord.Created second = create(WHOLE);
    store.keys().revoke("default", id);
    assertThat(store.keys().find(first.apiKey())).isEmpty();
    assertThat(store.keys().find(second.secret())).isPresent();
  }

  @Test
  void pagesHoldEachKeyOnceInTheOrderOfTheirMaking() throws RefusedException {
    List<String> made = new ArrayList<>();
    store.keys().list("default", KeyStore.Kind.ALL, Optional.empty(), 1000).keys().stream()
        .map(KeyRecord::id)
        .forEach(made::add);
    for (int i = 0; i < 4; i++) {
      now = now.plus(Duration.ofMillis(1));
      store.keys().create("default", List.of(new NewKey.Write("a"), new NewKey.Write("b"))).stream()
          .map(key -> key.key().id())
          .sorted()
          .forEach(made::add);
    }
    List<String> listed = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      KeyStore.Page page = store.keys().list("default", KeyStore.Kind.ALL, after, 3);
      page.keys().stream().map(KeyRecord::id).forEach(listed::add);
      after = page.next();
    } while (after.isPresent());
    assertThat(listed).containsExactlyElementsOf(made);
    assertThat(store.keys().list("default", KeyStore.Kind.API, Optional.empty(), 10).keys())
        .hasSize(1);
  }

  @Test
  void aClosedProjectTakesNoKeysAndKeepsItsName() throws RefusedException {
    ProjectStore.Created shop = store.projects().create(new ProjectName("shop"));
    assertThat(store.keys().find(shop.apiKey().secret()).orElseThrow().installation()).isFalse();
    AtomicInteger ended = new AtomicInteger();
    store.uses().open(shop.apiKey().key().id(), ended::incrementAndGet);
    store.projects().close("shop");
    assertThat(ended).hasValue(1);
    assertThatThrownBy(() -> store.keys().create("shop", List.of(READ)))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> store.projects().create(new ProjectName("shop")))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusedException.Reason.TAKEN));
    assertThat(store.projects().everyName()).containsExactly("default", "shop");
    assertThat(store.projects().list("", 10).projects())
        .extracting(Project::name)
        .containsExactly("default");
  }

  @Test
  void keysFromBeforeKeepWorking() throws Exception {
    Path old = folder.resolve("old.db");
    String url = "jdbc:sqlite:" + old;
    Flyway.configure(KeyStoreTest.class.getClassLoader())
        .dataSource(url, null, null)
        .locations("classpath:db/migration/meta")
        .target("4")
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("insert into projects values ('default', 1)");
      statement.execute("insert into write_keys values ('wk_old', 'default', 'web', 1, null)");
      statement.execute("insert into write_keys values ('wk_gone', 'default', 'web', 1, 2)");
      statement.execute(
          "insert into api_keys values ('%s', 'default', 'project', 1, null, null)"
              .formatted(Secrets.sha256("ak_old")));
      statement.execute(
          "insert into api_keys values ('%s', 'default', 'project', 2, null, null)"
              .formatted(Secrets.sha256("ak_later")));
    }
    try (MetaDatabase migrated = MetaDatabase.open(old)) {
      MetaStore keys = new MetaStore(migrated.jdbi(), () -> now, (ignored, webhooks) -> {});
      assertThat(keys.keys().writeKeys()).containsExactly(new WriteKey("wk_old", "default", "web"));
      assertThat(keys.keys().find("ak_old").orElseThrow().installation()).isTrue();
      ApiKey later = keys.keys().find("ak_later").orElseThrow();
      assertThat(later.installation()).isFalse();
      assertThat(later.scope()).isEqualTo(KeyScope.ADMIN);
      assertThat(keys.keys().verifiers("default")).allMatch(key -> key.verifier().isPresent());
      assertThat(keys.keys().list("default", KeyStore.Kind.ALL, Optional.empty(), 10).keys())
          .hasSize(4);
    }
  }
}
