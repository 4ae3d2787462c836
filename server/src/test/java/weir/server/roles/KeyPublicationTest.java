package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.collect.KeyFile;
import weir.collect.KeyRules;
import weir.metadata.WriteKey;

class KeyPublicationTest {
  @TempDir Path folder;

  @Test
  void rulesGoAlongAndUnknownOnesSwitchTheKeyOff() throws Exception {
    Path file = folder.resolve("keys.json");
    try (KeyPublication publication = new KeyPublication(file)) {
      publication.publish(
          List.of(
              new WriteKey("wk_1", "shop", "web", Optional.of("{\"monthly_quota\":5}")),
              new WriteKey("wk_2", "shop", "ios", Optional.of("{\"monthly_quota\":\"few\"}"))));
    }
    try (KeyFile read = KeyFile.watch(file)) {
      assertThat(Objects.requireNonNull(read.get().find("wk_1")).rules())
          .isEqualTo(KeyRules.parse("{\"monthly_quota\":5}"));
      assertThat(read.get().keys()).hasSize(2);
      assertThat(read.get().find("wk_2")).isNull();
    }
  }

  @Test
  void whatCannotBeWrittenIsWrittenOnceItCan() throws Exception {
    Path inTheWay = Files.createFile(folder.resolve("later"));
    Path file = inTheWay.resolve("keys.json");
    List<WriteKey> keys = List.of(new WriteKey("wk_1", "shop", "web"));
    try (KeyPublication publication = new KeyPublication(file)) {
      publication.retryWith(() -> publication.publish(keys));
      assertThatThrownBy(() -> publication.publish(keys)).isInstanceOf(UncheckedIOException.class);
      Files.delete(inTheWay);
      Awaitility.await().until(() -> Files.exists(file));
    }
    try (KeyFile read = KeyFile.watch(file)) {
      assertThat(read.get().find("wk_1"))
          .isEqualTo(new weir.collect.WriteKey("wk_1", "shop", "web", true));
    }
  }
}
