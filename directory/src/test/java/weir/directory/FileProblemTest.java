package weir.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {
  @TempDir Path folder;

  private interface Step {
    void run() throws IOException;
  }

  private static String problem(Step step) {
    return FileProblem.of(assertThrows(IOException.class, step::run));
  }

  @Test
  void whatIsMissingIsNamedAndWhatIsInTheWay() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "a");
    Path none = folder.resolve("none");
    assertThat(problem(() -> Files.readString(none)))
        .isEqualTo("there is no file or folder " + none);
    assertThat(problem(() -> Files.writeString(none.resolve("deep/x.csv"), "")))
        .isEqualTo("there is no folder " + none);
    assertThat(problem(() -> Files.createDirectory(file))).isEqualTo(file + " exists already");
    assertThat(problem(() -> Files.list(file).close())).isEqualTo(file + " is no folder");
    assertThat(problem(() -> Files.delete(folder)))
        .isEqualTo("the folder " + folder + " is not empty");
    assertThat(problem(() -> Files.writeString(file.resolve("x"), "")))
        .startsWith(file.resolve("x") + ": ");
  }

  @Test
  void whereARightIsMissingItSaysFor() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "a");
    assertThat(FileProblem.of(new AccessDeniedException(file.toString())))
        .isEqualTo("this user has no right to use " + file);
    assertThat(FileProblem.of(new AccessDeniedException(folder.resolve("new").toString())))
        .isEqualTo("this user has no right to write to the folder " + folder);
  }

  @Test
  void otherFailuresSayWhatTheySay() {
    assertThat(FileProblem.of(new IOException("too long"))).isEqualTo("too long");
    assertThat(FileProblem.of(new IOException())).isEqualTo("java.io.IOException");
  }
}
