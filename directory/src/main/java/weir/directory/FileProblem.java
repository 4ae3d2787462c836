package weir.directory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a file system refuses, in words: its exceptions' messages are often a path alone. */
public final class FileProblem {
  private FileProblem() {}

  /** Why something failed, with the file or folder that is to be looked at. */
  public static String of(IOException failure) {
    if (failure instanceof FileSystemException refused && refused.getFile() != null) {
      return of(refused, Path.of(refused.getFile()));
    }
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }

  private static String of(FileSystemException refused, Path path) {
    return switch (refused) {
      case NoSuchFileException ignored -> missing(path);
      case AccessDeniedException ignored -> denied(path);
      case FileAlreadyExistsException ignored -> path + " exists already";
      case NotDirectoryException ignored -> path + " is no folder";
      case DirectoryNotEmptyException ignored -> "the folder " + path + " is not empty";
      default -> path + ": " + (refused.getReason() == null ? refused : refused.getReason());
    };
  }

  private static String missing(Path path) {
    Path lacking = path;
    for (Path above = parent(path); above != null && !Files.exists(above); above = parent(above)) {
      lacking = above;
    }
    return "there is no " + (lacking.equals(path) ? "file or folder " : "folder ") + lacking;
  }

  private static String denied(Path path) {
    Path above = parent(path);
    return above == null || Files.exists(path) || !Files.isExecutable(above)
        ? "this user has no right to use " + path
        : "this user has no right to write to the folder " + above;
  }

  private static @Nullable Path parent(Path path) {
    return path.getParent();
  }
}
