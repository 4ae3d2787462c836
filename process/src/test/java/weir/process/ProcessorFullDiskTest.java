package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.CleanEvent;
import weir.event.CleanRecord;

/** A disk without room ends nothing: what waits for it goes on by itself. */
class ProcessorFullDiskTest {
  private static final long AT = Rig.RECEIVED;

  @TempDir Path directory;
  private Rig rig;
  private int sent;

  @BeforeEach
  void open() throws Exception {
    rig = new Rig(directory);
    rig.options = Rig.options(5, Duration.ZERO);
    rig.duplicates = new DuplicateOptions(Duration.ofDays(2), Duration.ofHours(6), 4);
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void whatARestartNeedsIsWrittenOnceThereIsRoom() throws Exception {
    try (Processor processor = rig.start()) {
      for (int room = 0; room < 400; room += 25) {
        rig.files.capacity(rig.files.usedBytes() + room);
        Awaitility.await().until(() -> isFullAfterTenMore(processor));
        assertThat(processor.ended()).isNotDone();
        rig.files.capacity(Long.MAX_VALUE);
        assertThat(processor.awaitCaughtUp(Rig.LONG)).isTrue();
        Awaitility.await().until(() -> processor.trouble().isEmpty());
      }
    }
    assertNothingIsLeftOfWhatWasBegunInVain();
    send(0, 10);
    assertEachIsThereOnce(sent);
  }

  private void assertNothingIsLeftOfWhatWasBegunInVain() throws Exception {
    Path duplicates = Path.of("/data/duplicates");
    Set<String> used =
        new TreeSet<>(DuplicateManifest.read(rig.files, duplicates).orElseThrow().runs());
    used.add(DuplicateManifest.NAME);
    assertThat(rig.files.list(duplicates)).containsExactlyInAnyOrderElementsOf(used);
  }

  /** Files of the round before may still be merged and deleted, and so make more room. */
  private boolean isFullAfterTenMore(Processor processor) throws Exception {
    send(sent, 10);
    sent += 10;
    return processor.trouble().isPresent();
  }

  private void send(int from, int count) throws Exception {
    for (int i = from; i < from + count; i++) {
      rig.send(rig.protocol.request("shop", "web", AT, FakeProtocol.event("id-" + i, Map.of())));
    }
  }

  private void assertEachIsThereOnce(int count) throws Exception {
    List<CleanRecord> records = rig.process();
    Set<String> ids = new TreeSet<>();
    for (CleanRecord record : records) {
      if (record instanceof CleanEvent event) {
        assertThat(ids.add(event.eventId())).as(event.eventId()).isTrue();
      }
    }
    assertThat(ids).hasSize(count);
  }
}
