package weir.directory;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files and folders that nobody but their owner may read. */
public final class OwnerOnly {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);
  private static final int OTHERS = 0077;

  private OwnerOnly() {}

  /**
   * Lets everything that this process and its children create from now on be its owner's alone,
   * native libraries' files too: umask(2). Does nothing where the system has no such thing.
   */
  public static void fromNowOn() {
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle umask =
          linker.downcallHandle(
              linker.defaultLookup().find("umask").orElseThrow(),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      int ignored = (int) umask.invokeExact(OTHERS);
    } catch (Throwable e) {
      LOG.warn("files follow the umask of the caller: {}", e.toString());
    }
  }

  /**
   * Takes a file or folder from others, if it is there and not theirs; what lies in a folder is out
   * of their reach then. Symbolic links are left alone.
   */
  static void restrict(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        || !Files.getFileStore(path).supportsFileAttributeView("posix")) {
      return;
    }
    PosixFileAttributes now =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    String mode = PosixFilePermissions.toString(now.permissions());
    if (now.isSymbolicLink() || mode.endsWith("------")) {
      return;
    }
    try {
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(mode.substring(0, 3) + "------"));
    } catch (FileSystemException e) {
      LOG.warn("{} stays {}, since it is another user's: {}", path, mode, e.getMessage());
    }
  }
}
