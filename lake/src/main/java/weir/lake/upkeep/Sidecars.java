package weir.lake.upkeep;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.sidecar.Sidecar;
import weir.lake.sidecar.SidecarMaker;
import weir.log.files.Files;

/**
 * Sees that the files of events have their sidecars: makes those that are missing, some at a time,
 * and makes those anew that are damaged or of another engine. Each is read once, whole, by each
 * process. Nothing depends on sidecars but how fast questions are answered, so what fails is left
 * out until the next process. Used by one thread, but for {@link #cancel()}.
 */
final class Sidecars {
  private static final Logger LOG = LoggerFactory.getLogger(Sidecars.class);
  private static final long ROWS_AT_ONCE = 1_000_000;

  /** How many sidecars are read in the time that one takes to make, about. */
  private static final int READS_A_MAKE = 16;

  private final Files files;
  private final Counter made;
  private final Counter failures;
  private final Map<TableName, Set<Path>> settled = new HashMap<>();
  private volatile @Nullable SidecarMaker maker;
  private volatile boolean cancelled;

  Sidecars(Files files, MeterRegistry meters) {
    this.files = files;
    this.made =
        UpkeepMeters.counter("weir_lake_sidecars", "Sidecars made of files of events", meters);
    this.failures =
        UpkeepMeters.counter(
            "weir_lake_sidecar_failures", "Files of events that have no sidecar for now", meters);
  }

  /**
   * Makes some of the sidecars that a table lacks.
   *
   * @return whether there may be more to make
   */
  boolean make(TableName name, LakeTable read) throws IOException {
    if (name.layout() != TableLayout.EVENTS) {
      return false;
    }
    Set<Path> known = settled.computeIfAbsent(name, table -> new HashSet<>());
    forgetOld(known, read);
    List<LakeFile> lacking =
        read.files().stream()
            .filter(file -> !known.contains(file.path()))
            .sorted(Comparator.comparing(LakeFile::day).reversed())
            .toList();
    if (lacking.isEmpty()) {
      return false;
    }
    SidecarMaker opened = maker;
    if (opened == null) {
      opened = new SidecarMaker(files);
      maker = opened;
    }
    return make(opened, lacking, read.columns(), known);
  }

  /** Returns whether some are left. */
  private boolean make(
      SidecarMaker opened, List<LakeFile> lacking, List<LakeColumn> columns, Set<Path> known) {
    long rows = 0;
    for (LakeFile file : lacking) {
      if (cancelled || rows > ROWS_AT_ONCE) {
        return !cancelled;
      }
      known.add(file.path());
      if (isGood(opened, file)) {
        rows += file.rows() / READS_A_MAKE;
        continue;
      }
      rows += file.rows();
      if (!make(opened, file, columns)) {
        close();
        return true;
      }
    }
    return false;
  }

  /** Returns false after a failure that may be the engine's. */
  private boolean make(SidecarMaker opened, LakeFile file, List<LakeColumn> columns) {
    try {
      opened.make(file, columns);
      made.increment();
      return true;
    } catch (SidecarMaker.UnfitException e) {
      LOG.info("{} has no sidecar: {}", file.path(), e.getMessage());
      return true;
    } catch (IOException | RuntimeException e) {
      if (!cancelled) {
        failures.increment();
        LOG.warn("{} has no sidecar; questions read the file itself", file.path(), e);
      }
      return false;
    }
  }

  private static boolean isGood(SidecarMaker opened, LakeFile file) {
    try {
      Sidecar sidecar = Sidecar.open(file);
      sidecar.verify();
      return sidecar.hashCheck() == opened.hashCheck();
    } catch (NoSuchFileException | Sidecar.OtherVersionException e) {
      return false;
    } catch (IOException e) {
      LOG.warn("a sidecar is made anew: {}", e.toString());
      return false;
    }
  }

  private static void forgetOld(Set<Path> known, LakeTable read) {
    if (known.size() > 2 * read.files().size()) {
      known.retainAll(read.files().stream().map(LakeFile::path).collect(Collectors.toSet()));
    }
  }

  /** Gives back what it takes to make sidecars, until the next is made. */
  void close() {
    SidecarMaker opened = maker;
    maker = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        LOG.warn("what made sidecars does not close", e);
      }
    }
  }

  /** Ends what is running, and all later work; from any thread. */
  void cancel() {
    cancelled = true;
    SidecarMaker running = maker;
    if (running != null) {
      running.cancel();
    }
  }
}
