package weir.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.ProjectName;
import weir.process.MetaDatabase;

class WebhookStoreTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private final List<List<Webhook>> published = new ArrayList<>();
  private Instant now = START;
  private MetaDatabase database;
  private MetaStore store;

  @BeforeEach
  void open() throws IOException {
    database = MetaDatabase.open(folder.resolve("meta.db"));
    store = new MetaStore(database.jdbi(), () -> now, (keys, webhooks) -> published.add(webhooks));
    store.ensureFirstProject(folder.resolve("credentials.json"), "http://c", "http://a");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Webhook.New wanted(String name) {
    return new Webhook.New(name, "stripe", Optional.of("whsec_1"), "{}", Optional.of("{\"a\":1}"));
  }

  private Webhook create(String name) throws RefusedException {
    return store.webhooks().create("default", wanted(name));
  }

  @Test
  void isWhatItWasMadeAs() throws RefusedException {
    Webhook made = create("payments");
    assertThat(made.address()).hasSize(32).isNotEqualTo(create("other").address());
    assertThat(store.webhooks().get("default", made.id())).isEqualTo(made);
    assertThat(store.webhooks().list("default")).extracting(Webhook::name).contains("payments");
    assertThat(published.getFirst()).containsExactly(made);
    assertThat(made.secrets())
        .containsExactly(new Webhook.SigningSecret("whsec_1", Optional.empty()));
    assertThat(made + " " + made.secrets() + wanted("x"))
        .as("what is logged")
        .doesNotContain("whsec_1", made.address(), made.replayKey());
  }

  @Test
  void namesAreTakenOnceInAProject() throws RefusedException {
    Webhook made = create("payments");
    assertThatThrownBy(() -> create("payments")).hasMessageContaining("already");
    store.projects().create(new ProjectName("other"));
    assertThat(store.webhooks().create("other", wanted("payments")).project()).isEqualTo("other");
    assertThatThrownBy(() -> store.webhooks().get("other", made.id()))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> store.webhooks().create("nobody's", wanted("x")))
        .isInstanceOf(RefusedException.class);
    store.webhooks().delete("default", made.id());
    assertThat(create("payments").id()).isNotEqualTo(made.id());
  }

  private static Webhook.Change enabled(boolean enabled) {
    return new Webhook.Change(Optional.empty(), UnaryOperator.identity(), Optional.of(enabled));
  }

  @Test
  void changes() throws RefusedException {
    WebhookStore webhooks = store.webhooks();
    String id = create("payments").id();
    Webhook.Change all =
        new Webhook.Change(Optional.of("{\"b\":2}"), rules -> Optional.empty(), Optional.of(false));
    assertThat(webhooks.change("default", id, all))
        .isEqualTo(webhooks.get("default", id))
        .extracting(Webhook::mapping, Webhook::rules, Webhook::enabled)
        .containsExactly("{\"b\":2}", Optional.empty(), false);
    webhooks.change("default", id, enabled(true));
    Webhook before = webhooks.get("default", id);
    Webhook moved = webhooks.rotateAddress("default", id);
    assertThat(moved.address()).isNotEqualTo(before.address());
    assertThat(moved.mapping()).isEqualTo("{\"b\":2}");
    webhooks.change("default", id, enabled(false));
    assertThat(published.getLast()).isEmpty();
    webhooks.change("default", id, enabled(true));
    assertThat(published.getLast()).extracting(Webhook::address).containsExactly(moved.address());
    webhooks.delete("default", id);
    assertThat(published.getLast()).isEmpty();
    assertThat(webhooks.list("default")).isEmpty();
    assertThat(webhooks.all()).as("its requests may wait").extracting(Webhook::id).contains(id);
    assertThat(webhooks.all().getFirst().secrets()).isEmpty();
    assertThatThrownBy(() -> webhooks.change("default", id, enabled(true)))
        .isInstanceOf(RefusedException.class);
  }

  /** What its rules refuse leaves the mapping as it was, and nobody is told of anything. */
  @Test
  void changesAllOrNothing() throws RefusedException {
    Webhook made = create("payments");
    int told = published.size();
    Webhook.Change half =
        new Webhook.Change(
            Optional.of("{\"b\":2}"),
            rules -> {
              throw new IllegalArgumentException("these rules may not be");
            },
            Optional.of(false));
    assertThatThrownBy(() -> store.webhooks().change("default", made.id(), half))
        .hasMessage("these rules may not be");
    assertThat(store.webhooks().get("default", made.id())).isEqualTo(made);
    assertThat(published).hasSize(told);
  }

  @Test
  void secretsThatAreReplacedEnd() throws RefusedException {
    String id = create("payments").id();
    Webhook second = store.webhooks().rotateSecret("default", id, "two", Duration.ofHours(1));
    assertThat(second.secrets())
        .containsExactly(
            new Webhook.SigningSecret("two", Optional.empty()),
            new Webhook.SigningSecret("whsec_1", Optional.of(START.plus(Duration.ofHours(1)))));
    now = START.plus(Duration.ofMinutes(30));
    Webhook third = store.webhooks().rotateSecret("default", id, "three", Duration.ofHours(5));
    assertThat(third.secrets())
        .extracting(Webhook.SigningSecret::text)
        .containsExactly("three", "two", "whsec_1");
    assertThat(third.secrets().getLast().until())
        .as("as it was said")
        .contains(START.plus(Duration.ofHours(1)));
    assertThat(store.webhooks().rotateSecret("default", id, "four", Duration.ZERO).secrets())
        .extracting(Webhook.SigningSecret::text)
        .containsExactly("four");
    assertThat(store.webhooks().get("default", id).secrets()).hasSize(1);
  }

  /** Each request is checked with each secret. */
  @Test
  void secretsAreBounded() throws RefusedException {
    String id = create("payments").id();
    for (int i = 1; i < WebhookStore.MOST_SECRETS; i++) {
      store.webhooks().rotateSecret("default", id, "s" + i, Duration.ofDays(30));
    }
    assertThatThrownBy(
            () -> store.webhooks().rotateSecret("default", id, "more", Duration.ofDays(30)))
        .hasMessageContaining("shorter time");
    assertThat(store.webhooks().get("default", id).secrets()).hasSize(WebhookStore.MOST_SECRETS);
    store.webhooks().rotateSecret("default", id, "more", Duration.ZERO);
    assertThat(store.webhooks().get("default", id).secrets()).hasSize(1);
  }

  @Test
  void aClosedProjectTakesNothing() throws RefusedException {
    store.projects().create(new ProjectName("other"));
    store.webhooks().create("other", wanted("payments"));
    assertThat(published.getLast()).hasSize(1);
    store.projects().close("other");
    assertThat(published.getLast()).isEmpty();
  }

  private static WebhookRequests.Kept kept(String webhook, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new WebhookRequests.Kept(webhook, UUID.nameUUIDFromBytes(bytes), bytes);
  }

  @Test
  void theLastRequestsOfEachAreKept() throws RefusedException {
    WebhookRequests requests = store.webhookRequests();
    String one = create("one").id();
    String two = create("two").id();
    requests.add(List.of(kept(two, "two")));
    int many = WebhookRequests.KEPT + 30;
    for (int i = 0; i < many; i += 10) {
      int from = i;
      requests.add(
          IntStream.range(from, from + 10).mapToObj(n -> kept(one, String.valueOf(n))).toList());
    }
    List<String> kept =
        requests.last(one, 1_000).stream().map(bytes -> new String(bytes, UTF_8)).toList();
    assertThat(kept).hasSize(WebhookRequests.KEPT).startsWith("" + (many - 1), "" + (many - 2));
    assertThat(requests.last(one, 3)).hasSize(3);
    assertThat(requests.last(two, 9)).hasSize(1);
    requests.add(List.of(kept(two, "two")));
    assertThat(requests.last(two, 9)).as("decoded again").hasSize(1);
    store.webhooks().delete("default", one);
    assertThat(requests.last(one, 9)).isEmpty();
    requests.add(List.of(kept(one, "x")));
    assertThat(requests.last(one, 9)).isEmpty();
  }
}
