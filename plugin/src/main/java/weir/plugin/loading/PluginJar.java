package weir.plugin.loading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import weir.plugin.Plugin;

/**
 * A jar whose plug-ins are found, not yet opened. It runs the jar's code: do so where that may do
 * what it likes.
 */
public final class PluginJar implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");
  private static final int MOST = 100;
  private static final int LONGEST_VERSION = 40;

  private final PluginLoader loader;
  private final List<Found> plugins;

  /**
   * A plug-in with what it said of itself once: it may say something else the next time.
   *
   * @param version at most 40 characters
   */
  public record Found(Plugin plugin, String name, String version, String description) {}

  private PluginJar(PluginLoader loader, List<Found> plugins) {
    this.loader = loader;
    this.plugins = plugins;
  }

  /**
   * Opens a jar, whose bytes must not change as long as it is open.
   *
   * @throws IOException saying what is wrong with it
   */
  public static PluginJar open(Path file) throws IOException {
    try (ZipFile whole = new ZipFile(file.toFile())) {
      if (whole.getEntry("META-INF/services/" + Plugin.class.getName()) == null) {
        throw new IOException(
            "it names no plug-in: META-INF/services/" + Plugin.class.getName() + " is missing");
      }
    }
    PluginLoader loader = new PluginLoader(file.toUri().toURL());
    try {
      return new PluginJar(loader, found(loader));
    } catch (IOException | RuntimeException e) {
      loader.close();
      throw e;
    } catch (ServiceConfigurationError | LinkageError e) {
      loader.close();
      throw new IOException(told(e), e);
    }
  }

  private static List<Found> found(PluginLoader loader) throws IOException {
    List<Found> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Iterator<Plugin> plugins = ServiceLoader.load(Plugin.class, loader).iterator();
    while (plugins.hasNext() && found.size() < MOST) {
      Plugin plugin = plugins.next();
      String name = text(plugin.name());
      if (!NAME.matcher(name).matches()) {
        throw new IOException(
            plugin.getClass().getName()
                + " has the name '"
                + name
                + "'; a name is 1 to 40 of a-z, 0-9 and _, a letter first");
      }
      if (!names.add(name)) {
        throw new IOException("two of its plug-ins have the name '" + name + "'");
      }
      found.add(
          new Found(
              plugin,
              name,
              cut(text(plugin.version()), LONGEST_VERSION),
              cut(text(plugin.description()), 300)));
    }
    if (found.isEmpty()) {
      throw new IOException("it names no plug-in");
    }
    return List.copyOf(found);
  }

  private static String text(@Nullable String said) {
    return said == null ? "" : said;
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) : text;
  }

  private static String told(Throwable error) {
    Throwable cause = error.getCause();
    return cause == null ? String.valueOf(error.getMessage()) : error.getMessage() + ": " + cause;
  }

  /** Its plug-ins, in the order in which it names them. */
  public List<Found> plugins() {
    return plugins;
  }

  public Optional<Found> named(String name) {
    return plugins.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** Where its classes are found. */
  public ClassLoader loader() {
    return loader;
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
