package weir.testkit.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The tracer that records what processes do to their files. */
public final class Strace {
  /** The longest single write that a recording takes whole, in bytes. */
  private static final int LONGEST_WRITE = 32 << 20;

  private static final String CALLS =
      "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,truncate,ftruncate,fallocate,"
          + "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,"
          + "symlinkat,fsync,fdatasync,sync,syncfs,close,close_range,dup,dup2,dup3,fcntl,lseek,"
          + "chdir,fchdir,mmap,copy_file_range,sendfile,splice,io_uring_setup,clone,clone3,fork,"
          + "vfork,execve";

  private Strace() {}

  /** Why there can be no recording on this machine; empty if there can. */
  public static Optional<String> missing() {
    try {
      Path output = Files.createTempFile("strace", ".txt");
      try {
        List<String> command = command(output, List.of("true"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
          return Optional.of("strace cannot trace here: " + said);
        }
        return Optional.empty();
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return Optional.of("there is no strace: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /** The command that runs another with all its children under the tracer. */
  public static List<String> command(Path output, List<String> traced) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-X",
                "raw",
                "-xx",
                "-s",
                Integer.toString(LONGEST_WRITE),
                "-e",
                "trace=" + CALLS,
                "-o",
                output.toString()));
    command.addAll(traced);
    return List.copyOf(command);
  }
}
