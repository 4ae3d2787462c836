package weir.log.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Path FILE = FOLDER.resolve("known");
  private static final byte[] OLD = "old".repeat(500).getBytes(UTF_8);
  private static final byte[] NEW = "newer".repeat(700).getBytes(UTF_8);

  private static byte[] content(Files files, Path file) throws IOException {
    try (FileHandle handle = files.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) handle.size());
      handle.read(bytes, 0);
      return bytes.array();
    }
  }

  /** However soon the power goes, the file is one of the two; the new one once it was answered. */
  @Property
  void aPowerCutLeavesOneOfTheTwo(
      @ForAll @IntRange(min = 0, max = 8) int changes, @ForAll long seed, @ForAll boolean finishes)
      throws IOException {
    MemoryFiles files = new MemoryFiles();
    Publication.publish(files, FILE, OLD);
    files.sync(Path.of("/")); // the folder is new, and its name nobody's but its parent's to keep
    files.powerOffAfter(changes);
    boolean answered = false;
    try {
      if (finishes) {
        Path draft = Publication.draft(FILE);
        try (FileHandle handle = files.create(draft)) {
          handle.write(ByteBuffer.wrap(NEW), 0);
        }
        Publication.finish(files, draft, FILE);
      } else {
        Publication.publish(files, FILE, NEW);
      }
      answered = true;
    } catch (IOException e) {
      // the power went
    }
    files.crash(new Random(seed));
    assertThat(content(files, FILE)).isIn(OLD, NEW);
    if (answered) {
      assertThat(content(files, FILE)).isEqualTo(NEW);
    }
    Publication.publish(files, FILE, OLD);
    assertThat(content(files, FILE)).isEqualTo(OLD);
    assertThat(files.list(FOLDER)).containsExactly("known");
  }

  @Test
  void whatACrashLeftOfADraftIsReplaced() throws IOException {
    MemoryFiles files = new MemoryFiles();
    files.create(Publication.draft(FILE)).close();
    Publication.replace(files, FILE, NEW);
    assertThat(content(files, FILE)).isEqualTo(NEW);
    assertThat(files.list(FOLDER)).containsExactly("known");
  }

  @Test
  void whatIsTheOwnersAloneIsSoFromTheStart(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("below/secret");
    Publication.publish(Files.ownerOnly(), file, OLD);
    assertThat(PosixFilePermissions.toString(java.nio.file.Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Publication.publish(Files.ownerOnly(), file, NEW);
    assertThat(file).hasBinaryContent(NEW);
  }
}
