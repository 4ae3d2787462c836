package weir.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A file system of its own, in memory, so small that it can be filled: by what is tested, and by a
 * file that stands for what others keep on the same disk. Linux alone has it, and root alone may
 * mount it.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Path folder;
  private final List<String> asRoot;

  private SmallDisk(Path folder, List<String> asRoot) {
    this.folder = folder;
    this.asRoot = asRoot;
  }

  /**
   * Mounts one.
   *
   * @param folder made where it is not there
   * @return empty where that is not allowed
   */
  public static Optional<SmallDisk> mount(Path folder, int megabytes) throws IOException {
    Files.createDirectories(folder);
    for (List<String> asRoot : List.of(List.<String>of(), List.of("sudo", "-n"))) {
      if (run(
          asRoot,
          "mount",
          "-t",
          "tmpfs",
          "-o",
          "mode=0777,size=" + megabytes + "m",
          "tmpfs",
          folder.toString())) {
        return Optional.of(new SmallDisk(folder, asRoot));
      }
    }
    return Optional.empty();
  }

  /** Where it is mounted. */
  public Path folder() {
    return folder;
  }

  /** Bytes that are free. */
  public long free() {
    return folder.toFile().getUsableSpace();
  }

  /** Others take all that is left but so much. */
  public void fill(long left) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            others(),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      while (free() > left) {
        file.write(ByteBuffer.allocate((int) Math.min(1 << 20, Math.max(BLOCK, free() - left))));
      }
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      if (free() > left + BLOCK) {
        throw e;
      }
    }
  }

  /** Others give back what they have taken. */
  public void giveBack() throws IOException {
    Files.deleteIfExists(others());
  }

  private Path others() {
    return folder.resolve("of-others");
  }

  private static boolean run(List<String> asRoot, String... command) throws IOException {
    List<String> whole = new ArrayList<>(asRoot);
    whole.addAll(List.of(command));
    try {
      Process process =
          new ProcessBuilder(whole)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }

  /** Unmounts it, with all that it holds. */
  @Override
  public void close() throws IOException {
    if (!run(asRoot, "umount", folder.toString())
        && !run(asRoot, "umount", "-l", folder.toString())) {
      throw new IOException(folder + " cannot be unmounted");
    }
  }
}
