package weir.log.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Puts files in place whole: whoever opens a name reads what was there before or all that is there
 * now. Until then they are drafts, whose names end in {@link #DRAFT}; what a crash left of one is
 * replaced by the next.
 *
 * <p>Two that publish one file at a time need a lock of their own.
 */
public final class Publication {
  public static final String DRAFT = ".new";

  private Publication() {}

  /**
   * Replaces a file at once, and durably: also after a power cut it is the old or the new one, in a
   * folder whose own name is durable.
   */
  public static void publish(Files files, Path file, byte[] content) throws IOException {
    Path draft = draft(file);
    write(files, draft, content, true);
    named(files, draft, file);
  }

  /** Replaces a file at once; a power cut may leave anything of it. */
  public static void replace(Files files, Path file, byte[] content) throws IOException {
    Path draft = draft(file);
    write(files, draft, content, false);
    files.rename(draft, file);
  }

  /** Gives a draft that is written whole its name, at once and durably. */
  public static void finish(Files files, Path draft, Path file) throws IOException {
    files.sync(draft);
    named(files, draft, file);
  }

  /** Where to write what {@link #finish} is to give its name. */
  public static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + DRAFT);
  }

  private static void write(Files files, Path draft, byte[] content, boolean durably)
      throws IOException {
    files.delete(draft);
    try (FileHandle handle = files.create(draft)) {
      handle.write(ByteBuffer.wrap(content), 0);
      if (durably) {
        handle.sync();
      }
    }
  }

  private static void named(Files files, Path draft, Path file) throws IOException {
    files.rename(draft, file);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      files.sync(folder);
    }
  }
}
