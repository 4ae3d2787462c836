package weir.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.process.MetaDatabase;

class ConsumerStoreTest {
  private static final String PROJECT = "default";

  @TempDir Path folder;
  private MetaDatabase database;
  private ConsumerStore groups;

  @BeforeEach
  void open() throws IOException {
    database = MetaDatabase.open(folder.resolve("meta.db"));
    MetaStore store = new MetaStore(database.jdbi(), () -> Instant.EPOCH, (keys, webhooks) -> {});
    store.ensureFirstProject(folder.resolve("credentials.json"), "http://c", "http://a");
    groups = store.consumers();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aGroupBeginsOnceAndGoesOnWhereItCommitted() throws Exception {
    assertThat(groups.position(PROJECT, "loader", "10")).isEqualTo("10");
    assertThat(groups.position(PROJECT, "loader", "99")).isEqualTo("10");
    groups.commit(PROJECT, "loader", "20");
    assertThat(groups.position(PROJECT, "loader", "99")).isEqualTo("20");
  }

  @Test
  void thereIsABoundForEachOwner() throws Exception {
    database
        .jdbi()
        .useTransaction(transaction -> {
          for (int i = 0; i < ConsumerStore.MOST - 1; i++) {
            insert(transaction, "group" + i);
            insert(transaction, "ak_1/group" + i);
          }
        });
    groups.position(PROJECT, "last", "0");
    assertRefused("one-more");
    assertThat(groups.position(PROJECT, "last", "9")).as("one that there is").isEqualTo("0");
    assertThat(groups.position(PROJECT, "ak_1/last", "0")).isEqualTo("0");
    assertRefused("ak_1/one-more");
    assertThat(groups.position(PROJECT, "ak_2/first", "0")).isEqualTo("0");
    assertThat(groups.delete(PROJECT, "group0")).isTrue();
    assertThat(groups.position(PROJECT, "one-more", "0")).isEqualTo("0");
  }

  private static void insert(org.jdbi.v3.core.Handle transaction, String name) {
    transaction.execute(
        "insert into consumer_groups values (?, ?, ?, ?, null)", PROJECT, name, "0", 0);
  }

  private void assertRefused(String group) {
    assertThatThrownBy(() -> groups.position(PROJECT, group, "0"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(RefusedException.Reason.TOO_MANY);
              assertThat(refused.why()).contains("1000 groups", "DELETE");
            });
  }
}
