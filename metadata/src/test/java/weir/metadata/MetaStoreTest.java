package weir.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.process.MetaDatabase;

class MetaStoreTest {
  private static final String COLLECTOR = "http://127.0.0.1:1";
  private static final String API = "http://127.0.0.1:2";

  @TempDir Path folder;
  private Path file;
  private MetaDatabase database;
  private MetaStore store;

  @BeforeEach
  void open() throws IOException {
    file = folder.resolve("credentials.json");
    database = MetaDatabase.open(folder.resolve("meta.db"));
    store = new MetaStore(database.jdbi(), () -> Instant.EPOCH, (keys, webhooks) -> {});
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void theFirstStartMakesAProjectWithItsKeys() throws IOException {
    Credentials credentials = store.ensureFirstProject(file, COLLECTOR, API).orElseThrow();
    assertThat(credentials.project()).isEqualTo("default");
    assertThat(credentials.collector()).isEqualTo(COLLECTOR);
    assertThat(store.keys().writeKeys())
        .isEqualTo(List.of(new WriteKey(credentials.writeKey(), "default", "default")));
    assertThat(store.keys().find(credentials.apiKey()).map(ApiKey::project)).contains("default");
    assertThat(store.keys().find(credentials.writeKey())).isEmpty();
    assertThat(Credentials.read(file)).contains(credentials);
    assertThat(Files.readString(file))
        .contains("\"write_key\"", "\"api_key\"", "\"admin_email\"", "\"admin_password\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aLaterStartKeepsKeysAndFollowsThePorts() throws IOException {
    Credentials first = store.ensureFirstProject(file, COLLECTOR, API).orElseThrow();
    Credentials second = store.ensureFirstProject(file, COLLECTOR, API + "9").orElseThrow();
    assertThat(second).isEqualTo(first.at(COLLECTOR, API + "9"));
    assertThat(Credentials.read(file)).contains(second);
    assertThat(store.keys().writeKeys()).hasSize(1);
  }

  @Test
  void aCrashBetweenFileAndDatabaseLosesNoSecret() throws IOException {
    Credentials written =
        new Credentials(COLLECTOR, API, "default", "wk_1", "ak_1", "admin@localhost", "secret");
    written.write(file);
    assertThat(store.ensureFirstProject(file, COLLECTOR, API)).contains(written);
    assertThat(store.keys().find("ak_1").map(ApiKey::project)).contains("default");
    assertThat(store.keys().writeKeys()).extracting(WriteKey::key).containsExactly("wk_1");
  }

  @Test
  void aFileThatItsOwnerTookAwayStaysAway() throws IOException {
    Credentials first = store.ensureFirstProject(file, COLLECTOR, API).orElseThrow();
    Files.delete(file);
    assertThat(store.ensureFirstProject(file, COLLECTOR, API)).isEmpty();
    assertThat(file).doesNotExist();
    assertThat(store.keys().find(first.apiKey()).map(ApiKey::project)).contains("default");
  }

  @Test
  void aBrokenFileStopsTheStart() throws IOException {
    Files.writeString(file, "{\"api\":1}");
    assertThatThrownBy(() -> store.ensureFirstProject(file, COLLECTOR, API))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("credentials.json");
  }

  @Test
  void noSecretButTheWriteKeyIsInTheDatabase() throws IOException {
    Credentials credentials = store.ensureFirstProject(file, COLLECTOR, API).orElseThrow();
    String stored =
        database
            .jdbi()
            .withHandle(handle ->
                handle
                    .createQuery(
                        "select (select group_concat(secret) from keys)"
                            + " || (select group_concat(password) from users)")
                    .mapTo(String.class)
                    .one());
    assertThat(stored).doesNotContain(credentials.apiKey(), credentials.adminPassword());
    String hash = stored.substring(stored.indexOf("pbkdf2"));
    assertThat(Secrets.matches(credentials.adminPassword(), hash)).isTrue();
    assertThat(Secrets.matches(credentials.adminPassword() + "x", hash)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"secret,600000", "pw_passwordpassword0000,600000", ",4096"})
  void whatSomebodyMayHaveThoughtOfIsHashedInManyRounds(@Nullable String written, int rounds) {
    String password = written == null ? Credentials.mint(COLLECTOR, API).adminPassword() : written;
    String hash = Secrets.hashPassword(password);
    assertThat(hash).startsWith("pbkdf2-sha256$" + rounds + "$");
  }

  @Test
  void aKeyFromBeforeGetsItsVerifierWhenItIsUsed() throws IOException {
    Credentials credentials = store.ensureFirstProject(file, COLLECTOR, API).orElseThrow();
    assertThat(verifiers()).hasSize(1).allMatch(Optional::isPresent);
    database.jdbi().useHandle(handle -> handle.execute("update keys set scram = null"));
    store = new MetaStore(database.jdbi(), () -> Instant.EPOCH, (keys, webhooks) -> {});
    assertThat(verifiers()).containsExactly(Optional.empty());
    assertThat(store.keys().find("another")).isEmpty();
    assertThat(verifiers()).containsExactly(Optional.empty());
    assertThat(store.keys().find(credentials.apiKey()).map(ApiKey::project)).contains("default");
    ScramVerifier kept = verifiers().getFirst().orElseThrow();
    assertThat(kept.text())
        .isEqualTo(ScramVerifier.of("default", credentials.apiKey()).text())
        .doesNotContain(credentials.apiKey());
    assertThat(store.keys().verifiers("other")).isEmpty();
  }

  private List<Optional<ScramVerifier>> verifiers() {
    return store.keys().verifiers("default").stream().map(KeyStore.Verifiable::verifier).toList();
  }
}
