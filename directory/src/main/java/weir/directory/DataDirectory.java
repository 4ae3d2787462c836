package weir.directory;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where everything lies that is kept. */
public record DataDirectory(Path root) {
  /** All that lies at the top. */
  private static final List<String> OURS =
      List.of(
          "lock",
          "keys.json",
          "key-usage.json",
          "credentials.json",
          "meta.db",
          "meta.db-wal",
          "meta.db-shm",
          "ledger.db",
          "ledger.db-journal",
          "properties",
          "raw",
          "clean",
          "duplicates",
          "undo",
          "lake",
          "spill",
          "plugins",
          "roles",
          "logs",
          "backup.holding");

  /** Whether what bears this name at the top is Weir's; drafts of it ({@code NAME.new}) too. */
  public static boolean isOurs(String name) {
    return OURS.contains(name) || name.endsWith(".new");
  }

  /**
   * Creates what is missing, and takes what is there from others: for this user only, also in a
   * folder that others may enter.
   *
   * @throws IOException saying what to do where that is not possible
   */
  public void prepare() throws IOException {
    try {
      create();
    } catch (FileSystemException e) {
      throw new IOException(
          String.format(
              "%s cannot be the data directory: %s; give another --data DIR",
              root, FileProblem.of(e)),
          e);
    }
  }

  private void create() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      OwnerOnly.restrict(root);
    }
    for (Path folder :
        new Path[] {roles(), logs(), libraries(Role.ENGINE), libraries(Role.QUERY)}) {
      Files.createDirectories(folder);
    }
    for (String name : OURS) { // an earlier start may have left them to the umask
      OwnerOnly.restrict(root.resolve(name));
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

  /** How many events came this month with write keys that have a quota: the collector's own. */
  public Path keyUsage() {
    return root.resolve("key-usage.json");
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

  /** What is known of projects' properties, for the query role: a file for each. */
  public Path properties() {
    return root.resolve("properties");
  }

  public Path duplicates() {
    return root.resolve("duplicates");
  }

  /** Imports that are being taken out: a file for each, until it is. */
  public Path undo() {
    return root.resolve("undo");
  }

  public Path lake() {
    return root.resolve("lake");
  }

  public Path spill() {
    return root.resolve("spill");
  }

  /** Copies of the databases that say where addresses are. */
  public Path places() {
    return spill().resolve("places");
  }

  /** Jars of users' plug-ins, where the settings name no other folder. */
  public Path plugins() {
    return root.resolve("plugins");
  }

  /** Copies of jars that are in use. */
  public Path pluginCopies() {
    return spill().resolve("plugins");
  }

  /** Where a role's process unpacks the native libraries that it loads. */
  public Path libraries(Role role) {
    return spill().resolve("libraries").resolve(role.label());
  }

  /** What processes for statements write to and need no longer than they live. */
  public Path statements() {
    return spill().resolve("statements");
  }

  /** Results of a project's asynchronous statements. */
  public Path results(String project) {
    return spill().resolve("results").resolve(project);
  }

  public Path logs() {
    return root.resolve("logs");
  }
}
