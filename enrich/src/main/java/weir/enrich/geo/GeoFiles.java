package weir.enrich.geo;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Network;

/**
 * Databases of places, in the order in which they are asked: the first that says something of a
 * column counts, and the one of countries that is shipped comes last: it is opened by the first
 * public address whose country none of them knows. A file that changes is read again; one that is
 * broken, or gone, is not taken, and what it said before stays. Who asks waits for the first {@link
 * #refresh}. Safe for use by several threads.
 */
public final class GeoFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GeoFiles.class);

  private final List<Path> files;
  private final Path folder;
  private final Map<Path, Known> known = new HashMap<>();
  private final Cache<String, GeoFacts> kept =
      Caffeine.newBuilder().maximumSize(16_384).executor(Runnable::run).build();
  private volatile List<GeoDatabase> databases = List.of();
  private final CountDownLatch opened = new CountDownLatch(1);
  private volatile String trouble = "";

  /** Opened by the first address that it may know; null before. */
  private volatile @Nullable Optional<GeoDatabase> shipped;

  private record Stamp(long modified, long size, @Nullable Object key) {}

  private record Known(Stamp stamp, Optional<GeoDatabase> database, String problem) {}

  /**
   * @param files in MaxMind's format; those asked first come first
   * @param folder for copies that are mapped into memory
   */
  public GeoFiles(List<Path> files, Path folder) {
    this.files = List.copyOf(files);
    this.folder = folder;
  }

  /**
   * Reads what is new. Takes seconds where a large file has changed; call it now and then, on one
   * thread.
   */
  public synchronized void refresh() {
    boolean changed = false;
    for (Path file : files) {
      changed |= refresh(file);
    }
    if (changed) {
      List<GeoDatabase> open = new ArrayList<>();
      files.forEach(file ->
          Optional.ofNullable(known.get(file)).flatMap(Known::database).ifPresent(open::add));
      databases = List.copyOf(open);
      kept.invalidateAll();
    }
    trouble =
        files.stream()
            .map(known::get)
            .filter(each -> each != null && !each.problem().isEmpty())
            .map(Known::problem)
            .findFirst()
            .orElse("");
    opened.countDown();
  }

  private GeoFacts country(InetAddress address) {
    Optional<GeoDatabase> open = shipped;
    return (open == null ? openedShipped() : open)
        .map(database -> database.find(address))
        .orElse(GeoFacts.NOTHING);
  }

  private synchronized Optional<GeoDatabase> openedShipped() {
    Optional<GeoDatabase> open = shipped;
    if (open == null) {
      try {
        open = Optional.of(GeoDatabase.shipped(folder));
      } catch (IOException e) {
        LOG.error("the database of countries that is shipped cannot be read", e);
        open = Optional.empty();
      }
      shipped = open;
    }
    return open;
  }

  private boolean refresh(Path file) {
    Known before = known.get(file);
    Optional<GeoDatabase> last = before == null ? Optional.empty() : before.database();
    Stamp stamp;
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      stamp = new Stamp(found.lastModifiedTime().toMillis(), found.size(), found.fileKey());
    } catch (IOException e) {
      stamp = new Stamp(0, -1, null);
    }
    if (before != null && before.stamp().equals(stamp)) {
      return false;
    }
    String kept = last.isPresent() ? "; what was read before stays" : "";
    try {
      if (stamp.size() < 0) {
        throw new NoSuchFileException(file.toString());
      }
      GeoDatabase database = GeoDatabase.checked(file, folder);
      LOG.info("{} says where addresses are, as of {}", file, database.builtAt());
      known.put(file, new Known(stamp, Optional.of(database), ""));
      return true;
    } catch (NoSuchFileException e) {
      refuse(file, stamp, last, "there is no file " + file + kept);
    } catch (IOException | RuntimeException e) {
      refuse(file, stamp, last, file + " is not taken: " + e.getMessage() + kept);
    }
    return false;
  }

  private void refuse(Path file, Stamp stamp, Optional<GeoDatabase> last, String why) {
    LOG.error("{}", why);
    known.put(
        file,
        new Known(stamp, last, "places of addresses (enrich.places, enrich.networks): " + why));
  }

  /** What is wrong with a file; empty if nothing is. */
  public Optional<String> trouble() {
    return Optional.of(trouble).filter(text -> !text.isEmpty());
  }

  GeoFacts of(String address) {
    GeoFacts facts = kept.getIfPresent(address);
    if (facts == null) {
      facts = read(address);
      kept.put(address, facts);
    }
    return facts;
  }

  private GeoFacts read(String text) {
    InetAddress address = Network.address(text);
    try {
      opened.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return GeoFacts.NOTHING;
    }
    GeoFacts facts = GeoFacts.NOTHING;
    if (address != null) {
      for (GeoDatabase database : databases) {
        facts = facts.or(database.find(address));
      }
      if (facts.country() == null && isPublic(address)) {
        facts = facts.or(country(address));
      }
    }
    return facts;
  }

  boolean hasOpenedShipped() {
    return shipped != null;
  }

  private static boolean isPublic(InetAddress address) {
    return !(address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress());
  }

  /** Ends all; readers that are under way find nothing more. */
  @Override
  public synchronized void close() throws IOException {
    List<GeoDatabase> open = new ArrayList<>(databases);
    databases = List.of();
    if (shipped != null) {
      shipped.ifPresent(open::add);
    }
    shipped = Optional.empty();
    for (GeoDatabase database : open) {
      database.close();
    }
  }
}
