package weir.log.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DiskFullTest {
  private static final DiskFull GERMAN =
      new DiskFull(
          number -> number == 28 ? "Auf dem Gerät ist kein Speicherplatz mehr verfügbar" : null);

  @Test
  void knowsTheSystemsOwnFailure() {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.isWritable(full), "skipped: there is no /dev/full here");
    IOException failure =
        catchThrowableOfType(
            IOException.class,
            () -> {
              try (FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(8));
              }
            });
    assertThat(DiskFull.is(failure)).as(String.valueOf(failure)).isTrue();
  }

  @Test
  void knowsItInTheLanguageOfTheProcess() {
    String german = "Auf dem Gerät ist kein Speicherplatz mehr verfügbar";
    assertThat(GERMAN.matches(new IOException(german))).isTrue();
    assertThat(GERMAN.matches(new FileSystemException("/data/raw/7.log", null, german))).isTrue();
    assertThat(DiskFull.is(new IOException("Disk quota exceeded"))).isTrue();
  }

  @Test
  void nothingElseIsAFullDisk() {
    assertThat(DiskFull.is(new IOException())).isFalse();
    assertThat(GERMAN.matches(new IOException("Eingabe-/Ausgabefehler"))).isFalse();
    assertThat(DiskFull.is(new FileSystemException("/No space left on device/x", null, "gone")))
        .as("the name of a file says nothing")
        .isFalse();
  }
}
