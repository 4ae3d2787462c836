package weir.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
  @TempDir Path folder;

  @Test
  void aPublishedFileIsItsOwnersAloneAndReplacesTheOneBefore() throws IOException {
    Path file = folder.resolve("secret.json");
    PrivateFile.publish(file, "first, which is longer".getBytes(StandardCharsets.UTF_8));
    PrivateFile.publish(file, "second".getBytes(StandardCharsets.UTF_8));
    assertThat(file).hasContent("second");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).containsExactly(file);
    }
  }

  @Test
  void aLockIsHeldOnceAndNamesItsHolder() throws Exception {
    Path file = folder.resolve("lock");
    HeldLock held = HeldLock.tryAcquire(file).orElseThrow();
    assertThat(HeldLock.holder(file)).isEqualTo(Long.toString(ProcessHandle.current().pid()));
    assertThat(HeldLock.tryAcquire(file)).isEmpty();
    held.close();
    HeldLock.tryAcquire(file).orElseThrow().close();
  }

  /** What frees a full disk takes a lock first. */
  @Test
  void aFullDiskDoesNotKeepALockFromAnyone() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "skipped: there is no /dev/full here");
    Path file = Files.createSymbolicLink(folder.resolve("lock"), full);
    for (int i = 0; i < 2; i++) {
      HeldLock.acquire(file, Duration.ofSeconds(20), pid -> {}).close();
    }
  }

  @Test
  void waitingForALockEndsAndSaysWhoHoldsIt() throws Exception {
    Path file = folder.resolve("lock");
    List<String> waitedFor = new ArrayList<>();
    String pid = Long.toString(ProcessHandle.current().pid());
    try (HeldLock held = HeldLock.tryAcquire(file).orElseThrow()) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> HeldLock.acquire(file, Duration.ofMillis(60), waitedFor::add))
          .isInstanceOf(HeldLock.LockedException.class)
          .hasMessageContaining(pid);
    }
    assertThat(waitedFor).containsExactly(pid);
    HeldLock.acquire(file, Duration.ZERO, waitedFor::add).close();
    assertThat(waitedFor).hasSize(1);
  }

  @Test
  void aRoleFileRoundTrips() throws IOException {
    Path file = folder.resolve("query.json");
    assertThat(RoleFile.read(file)).isEmpty();
    RoleFile role = new RoleFile(ProcessHandle.current().pid(), 1234, 5678, RoleFile.newToken());
    role.publish(file);
    assertThat(RoleFile.read(file)).isEqualTo(Optional.of(role));
    assertThat(role.isAlive()).isTrue();
    Files.writeString(file, "{");
    assertThatThrownBy(() -> RoleFile.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void aFreshDataDirectoryIsItsOwnersAlone() throws IOException {
    Path root = folder.resolve("with space/data");
    new DataDirectory(root).prepare();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
  }

  @Test
  void whatAnEarlierStartLeftOpenIsTakenFromOthers() throws IOException {
    Path root = Files.createDirectories(folder.resolve("data"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path raw = Files.createDirectory(root.resolve("raw"));
    Path undo = Files.createDirectory(root.resolve("undo"));
    Path properties = Files.createDirectory(root.resolve("properties"));
    Path database = Files.createFile(root.resolve("meta.db"));
    Path notOurs = Files.createFile(root.resolve("notes.txt"));
    for (Path each : List.of(raw, undo, properties, database, notOurs)) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxr-x"));
    }
    new DataDirectory(root).prepare();
    for (Path each :
        List.of(raw, undo, properties, database, root.resolve("roles"), root.resolve("logs"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .as(each.toString())
          .endsWith("------");
    }
    for (Path each : List.of(root, notOurs)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .as(each.toString())
          .endsWith("r-x");
    }
  }

  @Test
  void allThatWeirPutsAtTheTopIsKnown() {
    DataDirectory data = new DataDirectory(folder);
    for (Path each :
        List.of(
            data.lock(),
            data.keys(),
            data.credentials(),
            data.raw(),
            data.clean(),
            data.metadata(),
            data.ledger(),
            data.properties(),
            data.duplicates(),
            data.undo(),
            data.lake(),
            data.spill(),
            data.logs())) {
      assertThat(DataDirectory.isOurs(folder.relativize(each).toString())).as("%s", each).isTrue();
    }
    assertThat(DataDirectory.isOurs("keys.json.new")).isTrue();
    assertThat(DataDirectory.isOurs("notes.txt")).isFalse();
  }
}
