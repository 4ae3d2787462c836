package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.collect.KeyFile;
import weir.collect.KeyRules;
import weir.decode.WebhookTemplate;
import weir.metadata.Webhook;
import weir.metadata.WriteKey;

class KeyPublicationTest {
  @TempDir Path folder;

  private static Webhook webhook(String address, String template, String rules) {
    return new Webhook(
        "wh_" + address,
        "shop",
        "payments",
        address,
        template,
        List.of(
            new Webhook.SigningSecret("new", Optional.empty()),
            new Webhook.SigningSecret("old", Optional.of(Instant.ofEpochSecond(7)))),
        "rk_1",
        "{}",
        Optional.of(rules),
        true,
        Instant.EPOCH,
        Optional.empty());
  }

  @Test
  void rulesGoAlongAndUnknownOnesSwitchTheKeyOff() throws Exception {
    Path file = folder.resolve("keys.json");
    try (KeyPublication publication = new KeyPublication(file)) {
      publication.publish(
          List.of(
              new WriteKey("wk_1", "shop", "web", Optional.of("{\"monthly_quota\":5}")),
              new WriteKey("wk_2", "shop", "ios", Optional.of("{\"monthly_quota\":\"few\"}"))),
          List.of(
              webhook("a1", "stripe", "{}"),
              webhook("a2", "later", "{}"),
              webhook("a3", "plain", "x")));
    }
    try (KeyFile read = KeyFile.watch(file)) {
      assertThat(Objects.requireNonNull(read.get().find("wk_1")).rules())
          .isEqualTo(KeyRules.parse("{\"monthly_quota\":5}"));
      assertThat(read.get().keys()).hasSize(2);
      assertThat(read.get().find("wk_2")).isNull();
      assertThat(read.get().webhooks())
          .as("neither that of an unknown template nor that of unknown rules")
          .containsExactly(
              new weir.collect.Webhook(
                  "a1",
                  new weir.collect.WriteKey("wh_a1", "shop", "payments", true),
                  WebhookTemplate.STRIPE,
                  List.of(
                      new weir.collect.Webhook.Secret("new", Long.MAX_VALUE),
                      new weir.collect.Webhook.Secret("old", 7_000_000)),
                  "rk_1"));
    }
  }

  @Test
  void whatCannotBeWrittenIsWrittenOnceItCan() throws Exception {
    Path inTheWay = Files.createFile(folder.resolve("later"));
    Path file = inTheWay.resolve("keys.json");
    List<WriteKey> keys = List.of(new WriteKey("wk_1", "shop", "web"));
    try (KeyPublication publication = new KeyPublication(file)) {
      publication.retryWith(() -> publication.publish(keys, List.of()));
      assertThatThrownBy(() -> publication.publish(keys, List.of()))
          .isInstanceOf(UncheckedIOException.class);
      Files.delete(inTheWay);
      Awaitility.await().until(() -> Files.exists(file));
    }
    try (KeyFile read = KeyFile.watch(file)) {
      assertThat(read.get().find("wk_1"))
          .isEqualTo(new weir.collect.WriteKey("wk_1", "shop", "web", true));
    }
  }
}
