package weir.server.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.server.plugins.child.FrameInput;
import weir.server.plugins.child.FrameOutput;
import weir.server.plugins.child.Kind;

/**
 * The jars in a folder and the plug-ins that they hold. What a jar says of itself is asked in a
 * process that ends with the answer. A jar that changes is looked at again; one that is broken is
 * not taken, and the one before it stays. Safe for use by several threads.
 */
final class PluginCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(PluginCatalog.class);
  private static final int LONGEST_ANSWER = 1 << 20;

  private final PluginOptions options;
  private final Map<String, Jar> jars = new TreeMap<>();
  private final List<Path> retired = new ArrayList<>();
  private int copied;

  /**
   * A plug-in that can be run.
   *
   * @param file name of its jar
   * @param copy of the jar, which nobody changes
   */
  record Available(String name, String version, String description, String file, Path copy) {}

  /**
   * A jar.
   *
   * @param plugins of the last good one under this name
   * @param problem of the one that lies there; empty if there is none
   */
  record Jar(String file, Stamp stamp, List<Available> plugins, String problem) {}

  private record Stamp(long modified, long size, @Nullable Object key) {
    static final Stamp GONE = new Stamp(0, -1, null);
  }

  PluginCatalog(PluginOptions options) {
    this.options = options;
  }

  /**
   * Looks at what has changed; whether anything has. May take seconds.
   *
   * @param copiesInUse of jars that may have changed since
   */
  synchronized boolean refresh(Set<Path> copiesInUse) {
    List<Path> unused = retired.stream().filter(copy -> !copiesInUse.contains(copy)).toList();
    unused.forEach(PluginCatalog::delete);
    retired.removeAll(unused);
    List<Path> files = files();
    Set<String> there = new HashSet<>();
    files.forEach(file -> there.add(String.valueOf(file.getFileName())));
    boolean changed = forgetBut(there);
    for (Path file : files) {
      changed |= refresh(String.valueOf(file.getFileName()), file);
    }
    return changed;
  }

  /** One that is gone stays as long as no other has its plug-ins: until the next start. */
  private boolean forgetBut(Set<String> there) {
    boolean changed = false;
    for (Jar jar : List.copyOf(jars.values())) {
      if (!there.contains(jar.file()) && !jar.stamp().equals(Stamp.GONE)) {
        String problem = "it is gone; its plug-ins stay until the next start";
        put(new Jar(jar.file(), Stamp.GONE, jar.plugins(), problem));
        changed = true;
      }
    }
    if (changed) { // what was refused may have been so for the sake of one that is gone
      jars.values().removeIf(jar -> jar.plugins().isEmpty());
    }
    return changed;
  }

  private void put(Jar jar) {
    if (jar.plugins().isEmpty() && jar.stamp().equals(Stamp.GONE)) {
      jars.remove(jar.file());
    } else {
      jars.put(jar.file(), jar);
    }
  }

  private List<Path> files() {
    try (Stream<Path> found = Files.list(options.folder())) {
      return found.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      LOG.error("the folder of plug-ins cannot be read", e);
      return List.of();
    }
  }

  private static Stamp stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.lastModifiedTime().toMillis(), found.size(), found.fileKey());
    } catch (IOException e) {
      return Stamp.GONE;
    }
  }

  private boolean refresh(String name, Path file) {
    Jar before = jars.get(name);
    Stamp stamp = stamp(file);
    if (stamp.equals(Stamp.GONE) || (before != null && before.stamp().equals(stamp))) {
      return false;
    }
    List<Available> last = before == null ? List.of() : before.plugins();
    Path copy = options.copies().resolve(++copied + "-" + name);
    try {
      Files.createDirectories(options.copies());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      if (!stamp.equals(stamp(file))) {
        Files.deleteIfExists(copy);
        return false; // somebody is writing it: the next look finds it
      }
      List<Available> found = look(name, copy);
      requireNew(name, found);
      replaceGone(found);
      jars.put(name, new Jar(name, stamp, found, ""));
      LOG.info("{} holds the plug-ins {}", file, found.stream().map(Available::name).toList());
      last.stream().map(Available::copy).distinct().forEach(retired::add);
      return true;
    } catch (IOException e) {
      String kept = last.isEmpty() ? "" : "; the one before it stays";
      String problem = "it is not taken: " + e.getMessage() + kept;
      LOG.error("{}: {}", file, problem);
      jars.put(name, new Jar(name, stamp, last, problem));
      delete(copy);
      return true;
    }
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted", copy, e);
    }
  }

  /** Asks a jar that nobody changes for its plug-ins. */
  List<Available> look(String file, Path copy) throws IOException {
    try (PluginProcess process = PluginProcess.start(options.command().get(), file)) {
      FrameOutput question = new FrameOutput().text(copy.toAbsolutePath().toString());
      FrameInput answer = process.ask(question, Kind.LOOK, LONGEST_ANSWER, PluginOptions.START);
      if (answer.kind() != Kind.FOUND) {
        answer.integer();
        throw new IOException(answer.text());
      }
      List<Available> found = new ArrayList<>();
      for (int left = answer.count(); left > 0; left--) {
        found.add(new Available(answer.text(), answer.text(), answer.text(), file, copy));
      }
      return found;
    } catch (PluginFault e) {
      throw new IOException("asked for its plug-ins it " + e.getMessage(), e);
    }
  }

  private void replaceGone(List<Available> found) {
    Set<String> names = new HashSet<>();
    found.forEach(each -> names.add(each.name()));
    for (Jar jar : List.copyOf(jars.values())) {
      if (jar.stamp().equals(Stamp.GONE)) {
        List<Available> left =
            jar.plugins().stream().filter(each -> !names.contains(each.name())).toList();
        put(new Jar(jar.file(), Stamp.GONE, left, jar.problem()));
      }
    }
  }

  private void requireNew(String file, List<Available> found) throws IOException {
    for (Available each : found) {
      Available other = named(each.name()).orElse(each);
      Jar otherJar = jars.get(other.file());
      boolean gone = otherJar != null && otherJar.stamp().equals(Stamp.GONE);
      if (!other.file().equals(file) && !gone) {
        throw new IOException(
            "its plug-in " + each.name() + " is in " + other.file() + " too; take one away");
      }
    }
  }

  synchronized Optional<Available> named(String name) {
    return jars.values().stream()
        .flatMap(jar -> jar.plugins().stream())
        .filter(each -> each.name().equals(name))
        .findFirst();
  }

  /** By file name. */
  synchronized List<Jar> jars() {
    return List.copyOf(jars.values());
  }
}
