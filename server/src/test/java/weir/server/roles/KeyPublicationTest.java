package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.collect.KeyFile;
import weir.metadata.WriteKey;

class KeyPublicationTest {
  @TempDir Path folder;

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
