package weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that was acknowledged is lost, whatever happens; and this test would notice. */
class CrashTest {
  private static final int LIVES = 300;

  @Property(tries = LIVES, shrinking = ShrinkingMode.OFF)
  void nothingAcknowledgedIsLost(@ForAll long seed) throws IOException {
    CrashScenario.run(seed, UnaryOperator.identity());
  }

  /** Lives that once ended badly. */
  @ParameterizedTest
  @ValueSource(longs = {2031})
  void whatWasFoundOnceStaysRepaired(long seed) throws IOException {
    CrashScenario.run(seed, UnaryOperator.identity());
  }

  @Test
  void aLogWithoutFsyncFails() throws IOException {
    assertThat(lostLives(files -> new Careless(files, true, false))).isPositive();
  }

  @Test
  void aLogWithoutFsyncOfItsDirectoryFails() throws IOException {
    assertThat(lostLives(files -> new Careless(files, false, true))).isPositive();
  }

  private static int lostLives(UnaryOperator<Files> wrapper) throws IOException {
    int lost = 0;
    for (long seed = 0; seed < LIVES && lost == 0; seed++) {
      try {
        CrashScenario.run(seed, wrapper);
      } catch (AssertionError e) {
        lost++;
      }
    }
    return lost;
  }

  /** Files whose syncs say that they were done. */
  private record Careless(Files files, boolean skipFiles, boolean skipDirectories)
      implements Files, FileLocks {
    @Override
    public FileHandle create(Path file) throws IOException {
      return new CarelessHandle(files.create(file), skipFiles);
    }

    @Override
    public FileHandle open(Path file) throws IOException {
      return new CarelessHandle(files.open(file), skipFiles);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
      return files.list(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      files.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      files.delete(file);
    }

    @Override
    public void sync(Path fileOrDirectory) throws IOException {
      if (!skipDirectories) {
        files.sync(fileOrDirectory);
      }
    }

    @Override
    public Optional<Closeable> tryLock(Path file) throws IOException {
      return ((FileLocks) files).tryLock(file);
    }
  }

  private record CarelessHandle(FileHandle handle, boolean skip) implements FileHandle {
    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      handle.write(bytes, offset);
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return handle.read(into, offset);
    }

    @Override
    public long size() throws IOException {
      return handle.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      handle.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      if (!skip) {
        handle.sync();
      }
    }

    @Override
    public void close() throws IOException {
      handle.close();
    }
  }
}
