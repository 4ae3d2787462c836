package weir.server.directory;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import weir.server.config.Role;

/** Where everything lies that is kept. */
public record DataDirectory(Path root) {
  /**
   * Creates what is missing, for this user only.
   *
   * @throws IOException saying what to do where that is not possible
   */
  public void prepare() throws IOException {
    try {
      create();
    } catch (FileSystemException e) {
      throw new IOException(
          String.format(
              "%s cannot be the data directory (%s: %s): give another --data DIR",
              root, e.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }

  private void create() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      restrict(root);
    }
    for (Path folder :
        new Path[] {roles(), logs(), libraries(Role.ENGINE), libraries(Role.QUERY)}) {
      Files.createDirectories(folder);
    }
  }

  private static void restrict(Path folder) throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  public Path lock() {
    return root.resolve("lock");
  }

  private Path roles() {
    return root.resolve("roles");
  }

  public Path roleLock(Role role) {
    return roles().resolve(role.label() + ".lock");
  }

  public Path roleFile(Role role) {
    return roles().resolve(role.label() + ".json");
  }

  /** Held while a backup is taken: one at a time. */
  public Path backupLock() {
    return roles().resolve("backup.lock");
  }

  /** As long as somebody holds it, neither log is released any further. */
  public Path releaseLock() {
    return roles().resolve("release.lock");
  }

  /** The settings that a supervisor hands to its children. */
  public Path settings() {
    return roles().resolve("settings.yaml");
  }

  public Path keys() {
    return root.resolve("keys.json");
  }

  public Path credentials() {
    return root.resolve("credentials.json");
  }

  public Path raw() {
    return root.resolve("raw");
  }

  public Path clean() {
    return root.resolve("clean");
  }

  public Path metadata() {
    return root.resolve("meta.db");
  }

  public Path ledger() {
    return root.resolve("ledger.db");
  }

  public Path duplicates() {
    return root.resolve("duplicates");
  }

  /** What is being taken out, until it is. */
  public Path undo() {
    return root.resolve("undo");
  }

  public Path lake() {
    return root.resolve("lake");
  }

  public Path spill() {
    return root.resolve("spill");
  }

  /** Where a role's process unpacks the native libraries that it loads. */
  public Path libraries(Role role) {
    return spill().resolve("libraries").resolve(role.label());
  }

  public Path logs() {
    return root.resolve("logs");
  }
}
