package weir.tools.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.directory.DataDirectory;
import weir.directory.HeldLock;
import weir.directory.Role;
import weir.lake.catalog.LakeCopy;
import weir.log.embedded.LogCopy;
import weir.log.files.Publication;

/**
 * Takes a backup of a data directory, also while Weir runs on it.
 *
 * <p>Each part is a function of the logs up to a position of its own. So parts are taken in the
 * order in which data flows backwards, what is derived before what it is derived from:
 *
 * <ol>
 *   <li>the engine is kept from releasing logs for the time of these steps, and the segments that
 *       there are are held: nothing goes that the copy needs,
 *   <li>the duplicate index, the processor's position, the ledger, the lake: none can be ahead of
 *       the clean log's end that is taken next; the imports that are being taken out of them,
 *       before and after,
 *   <li>the clean log's end; then the metadata, which so knows every column that a frame uses, with
 *       the processor's position from before; it forgets later columns when it is opened,
 *   <li>the raw log's end last: it holds the requests of all that was decided.
 * </ol>
 *
 * <p>All that takes a second or so, for files are held by second names, not copied; the copying
 * afterwards needs no hurry and blocks nobody. What was answered before the first step is durable
 * in the raw log before the last.
 */
public final class Backup {
  private static final int ATTEMPTS = 20;
  private static final Duration RELEASE_PAUSE = Duration.ofSeconds(30);
  private static final String META = "meta.db";
  private static final String LEDGER = "ledger.db";
  private static final String LAKE = "lake/";
  private static final String DUPLICATES = "duplicates/";
  private static final String PLUGINS = "plugins/";
  private static final String UNDO = "undo/";

  private final DataDirectory directory;
  private final InstantSource clock;
  private final Consumer<String> say;

  private Backup(DataDirectory directory, InstantSource clock, Consumer<String> say) {
    this.directory = directory;
    this.clock = clock;
    this.say = say;
  }

  /**
   * Takes a backup.
   *
   * @param target a folder that is not there or empty, or a file that ends in .tar.zst
   * @param say told what goes on
   * @throws IOException if it is not whole; nothing of it is left then
   */
  public static BackupInfo take(
      DataDirectory directory, Path target, InstantSource clock, Consumer<String> say)
      throws IOException {
    Path root = directory.root().toAbsolutePath().normalize();
    if (!Files.isDirectory(root.resolve("raw")) || !Files.isDirectory(root.resolve("clean"))) {
      throw new IOException(root + " is no data directory: it has no logs");
    }
    return new Backup(new DataDirectory(root), clock, say).take(target);
  }

  private BackupInfo take(Path target) throws IOException {
    Path lock = directory.backupLock();
    Files.createDirectories(lock.resolveSibling("."));
    Optional<HeldLock> alone = HeldLock.tryAcquire(lock);
    if (alone.isEmpty()) {
      throw new IOException("another backup is being taken, by process " + HeldLock.holder(lock));
    }
    try (HeldLock held = alone.get();
        Locks locks = Locks.take(directory);
        BackupTarget into = BackupTarget.create(target);
        Holding holding = new Holding(directory.root().resolve("backup.holding"))) {
      Instant begun = clock.instant();
      try (HeldLock nothingReleased =
          HeldLock.acquire(directory.releaseLock(), RELEASE_PAUSE, pid -> {})) {
        collect(holding, locks);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      say.accept(
          "Held " + holding.items().size() + " files of " + directory.root() + " as of " + begun);
      BackupInfo info = write(into, holding, begun);
      reportUnknown();
      return info;
    }
  }

  /** The roles that do not run, kept from starting meanwhile. */
  private record Locks(@Nullable HeldLock collect, @Nullable HeldLock engine)
      implements AutoCloseable {
    static Locks take(DataDirectory directory) throws IOException {
      return new Locks(
          HeldLock.tryAcquire(directory.roleLock(Role.COLLECT)).orElse(null),
          HeldLock.tryAcquire(directory.roleLock(Role.ENGINE)).orElse(null));
    }

    @Override
    public void close() throws IOException {
      try (collect;
          engine) {
        // both, also if one fails
      }
    }
  }

  private void collect(Holding holding, Locks locks) throws IOException {
    LogCopy raw = LogCopy.hold(directory.raw(), holding.place("raw"));
    LogCopy clean = LogCopy.hold(directory.clean(), holding.place("clean"));
    holdUndo(holding);
    again("the duplicate index", holding, DUPLICATES, () -> holdDuplicates(holding));
    boolean metadata = Files.exists(directory.metadata());
    Optional<Databases.Stamp> stamp =
        metadata ? Databases.stamp(directory.metadata()) : Optional.empty();
    if (Files.exists(directory.ledger())) {
      Databases.copy(directory.ledger(), holding.place(LEDGER));
      holding.addPlaced(LEDGER);
    }
    if (Files.exists(directory.lake().resolve(LakeCopy.catalogName()))) {
      again("the lake", holding, LAKE, () -> holdLake(holding));
    }
    holdUndo(holding);
    holding.addParts("clean", locks.engine() == null ? clean.upToPublishedEnd() : clean.whole());
    if (metadata) {
      Databases.copy(directory.metadata(), holding.place(META));
      Databases.setStamp(holding.place(META), stamp);
      holding.addPlaced(META);
    }
    if (Files.isDirectory(directory.plugins())) {
      again("the folder of plug-ins", holding, PLUGINS, () -> holdPlugins(holding));
    }
    for (Path file : new Path[] {directory.keys(), directory.credentials()}) {
      if (Files.exists(file)) {
        holding.hold(String.valueOf(file.getFileName()), file);
      }
    }
    holding.addParts("raw", locks.collect() == null ? raw.upToPublishedEnd() : raw.whole());
  }

  private interface Step {
    void run() throws IOException;
  }

  /**
   * Files may go between the moment that their names are read and the moment that they are held.
   */
  private static void again(String what, Holding holding, String prefix, Step step)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new IOException(what + " changes too quickly to be copied: " + e.getMessage(), e);
        }
        holding.forget(prefix);
      }
    }
  }

  private void holdPlugins(Holding holding) throws IOException {
    try (Stream<Path> jars = Files.list(directory.plugins())) {
      for (Path jar : jars.filter(Files::isRegularFile).toList()) {
        holding.hold(PLUGINS + jar.getFileName(), jar);
      }
    }
  }

  private void holdDuplicates(Holding holding) throws IOException {
    Path manifest = directory.duplicates().resolve("manifest");
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(manifest);
    } catch (NoSuchFileException e) {
      return; // nothing was saved yet; the clean log gives it back
    }
    Files.write(holding.place(DUPLICATES + "manifest"), bytes);
    holding.addPlaced(DUPLICATES + "manifest");
    for (String line :
        new String(bytes, java.nio.charset.StandardCharsets.UTF_8).lines().toList()) {
      if (line.startsWith("run ")) {
        String name = line.substring("run ".length());
        holding.hold(DUPLICATES + name, directory.duplicates().resolve(name));
      }
    }
  }

  /**
   * Imports that are being taken out go on being so after a restore: those that have begun before
   * the index and the lake were taken, and those that began meanwhile.
   */
  private void holdUndo(Holding holding) throws IOException {
    if (!Files.isDirectory(directory.undo())) {
      return;
    }
    List<Path> records;
    try (Stream<Path> entries = Files.list(directory.undo())) {
      records = entries.filter(entry -> !entry.toString().endsWith(Publication.DRAFT)).toList();
    }
    for (Path record : records) {
      String name = UNDO + record.getFileName();
      try {
        if (!holding.holds(name)) {
          holding.hold(name, record);
        }
      } catch (NoSuchFileException e) {
        continue; // it is done
      }
    }
  }

  private void holdLake(Holding holding) throws IOException {
    Path lake = directory.lake();
    Path catalog = holding.place(LAKE + LakeCopy.catalogName());
    Databases.copy(lake.resolve(LakeCopy.catalogName()), catalog);
    holding.addPlaced(LAKE + LakeCopy.catalogName());
    for (Path file : LakeCopy.files(lake, catalog)) {
      holding.hold(LAKE + lake.relativize(file).toString().replace('\\', '/'), file);
    }
  }

  private BackupInfo write(BackupTarget into, Holding holding, Instant begun) throws IOException {
    long bytes = 0;
    List<BackupItem> items = holding.items();
    for (BackupItem item : items) {
      try (InputStream content = Files.newInputStream(item.source())) {
        into.add(item.name(), content, item.bytes());
      }
      bytes += item.bytes();
    }
    BackupInfo info = new BackupInfo(begun, directory.lake(), items.size(), bytes);
    byte[] json = info.json();
    into.add(BackupInfo.NAME, new ByteArrayInputStream(json), json.length);
    into.finish();
    return info;
  }

  private void reportUnknown() throws IOException {
    List<String> unknown = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory.root())) {
      entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !DataDirectory.isOurs(name))
          .forEach(unknown::add);
    }
    if (!unknown.isEmpty()) {
      say.accept("Not in the backup, for it is none of Weir's: " + String.join(", ", unknown));
    }
  }
}
