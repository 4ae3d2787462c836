package weir.tools.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;

/** The data directory: whether it may be written, how much room there is, how fast it syncs. */
final class DiskCheck {
  private static final Set<String> VOLATILE = Set.of("tmpfs", "ramfs");
  private static final Set<String> SHARED =
      Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph");
  private static final int SYNCS = 40;
  private static final long LONGEST_NANOS = 3_000_000_000L;
  private static final double SLOW_MILLIS = 20;
  private static final double UNLIKELY_MILLIS = 0.02;

  private final Path root;
  private final Path place;
  private final Configuration settings;
  private final LongSupplier ticker;

  DiskCheck(DataDirectory directory, Configuration settings, LongSupplier ticker) {
    this.root = directory.root().toAbsolutePath().normalize();
    this.place = existing(root);
    this.settings = settings;
    this.ticker = ticker;
  }

  /** The folder, or the nearest above it that exists. */
  private static Path existing(Path folder) {
    Path at = folder;
    while (!Files.isDirectory(at)) {
      Path parent = at.getParent();
      if (parent == null) {
        return at;
      }
      at = parent;
    }
    return at;
  }

  List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(permissions());
    if (!Files.isWritable(place)) {
      return findings;
    }
    try {
      findings.add(space(Files.getFileStore(place).getUsableSpace()));
      findings.add(fileSystem(Files.getFileStore(place).type()));
      findings.add(links());
      findings.add(syncs(measure()));
    } catch (IOException e) {
      findings.add(
          Finding.fail("disk", "writing in " + place + " failed: " + e.getMessage(), "mend that"));
    }
    return findings;
  }

  private Finding permissions() {
    if (!Files.isWritable(place)) {
      return Finding.fail(
          "data directory",
          place + " cannot be written by " + System.getProperty("user.name"),
          "give --data another folder, or this user the right");
    }
    if (!place.equals(root)) {
      return Finding.ok("data directory", root + " is not there yet and can be made");
    }
    try {
      Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(root);
      if (allowed.contains(PosixFilePermission.OTHERS_READ)
          || allowed.contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return Finding.warn(
            "data directory", root + " is open to all users", "it holds events: chmod 700 " + root);
      }
    } catch (IOException | UnsupportedOperationException e) {
      return Finding.ok("data directory", root + " can be written");
    }
    return Finding.ok("data directory", root + " can be written, by its owner alone");
  }

  private Finding space(long free) {
    long reserve = settings.get(Settings.DISK_RESERVE);
    long logs = settings.get(Settings.RAW_LIMIT) + settings.get(Settings.CLEAN_LIMIT);
    String found = MachineCheck.size(free) + " free";
    if (free <= reserve) {
      return Finding.fail(
          "disk space",
          found + ", which is not above log.disk_reserve",
          "requests are answered 503 until there is more: make room");
    }
    return free >= 2L << 30
        ? Finding.ok(
            "disk space",
            found
                + (free < logs + reserve
                    ? "; the logs may grow to " + MachineCheck.size(logs) + " if the lake stops"
                    : ""))
        : Finding.warn("disk space", found, "make room: below log.disk_reserve Weir answers 503");
  }

  static Finding fileSystem(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    if (VOLATILE.contains(name)) {
      return Finding.fail(
          "file system",
          type + ", which is memory",
          "a restart loses all: give a folder on a disk");
    }
    if (SHARED.contains(name) || name.startsWith("fuse")) {
      return Finding.warn(
          "file system",
          type + ", over a network or through a program",
          "locks and syncs may not hold there what they promise: prefer a local disk");
    }
    return Finding.ok("file system", type);
  }

  private Finding links() throws IOException {
    Path file = Files.createTempFile(place, "weir-doctor", ".tmp");
    Path link = file.resolveSibling(file.getFileName() + ".link");
    try {
      Files.createLink(link, file);
      return Finding.ok("hard links", "work, so backups need no second copy");
    } catch (IOException | UnsupportedOperationException e) {
      return Finding.warn(
          "hard links", "do not work here", "backups of a running Weir need them: another disk");
    } finally {
      Files.deleteIfExists(link);
      Files.delete(file);
    }
  }

  private double[] measure() throws IOException {
    Path file = Files.createTempFile(place, "weir-doctor", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      double[] millis = new double[SYNCS];
      ByteBuffer block = ByteBuffer.allocate(4096);
      int done = 0;
      for (long start = ticker.getAsLong();
          done < SYNCS && ticker.getAsLong() - start < LONGEST_NANOS;
          done++) {
        long before = ticker.getAsLong();
        channel.write(block.clear(), done * 4096L);
        channel.force(false);
        millis[done] = (ticker.getAsLong() - before) / 1e6;
      }
      return Arrays.copyOf(millis, done);
    } finally {
      Files.delete(file);
    }
  }

  static Finding syncs(double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double most = sorted[sorted.length * 95 / 100];
    String found =
        String.format(
            Locale.ROOT, "%.2f ms at the median, %.2f ms at 95 of 100 writes", median, most);
    if (median > SLOW_MILLIS) {
      return Finding.warn(
          "fsync", found, "each answer waits for one: use an SSD, or a disk with less to do");
    }
    return median < UNLIKELY_MILLIS
        ? Finding.warn(
            "fsync",
            found + ", faster than disks are",
            "make sure that what is synced outlives a power cut: no volatile or unsafe cache")
        : Finding.ok("fsync", found);
  }
}
