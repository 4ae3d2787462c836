package weir.enrich.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sites that visits come from: search engines, social networks, video, shops, web mail. */
final class Sources {
  /** What kinds of them there are. */
  static final List<String> CATEGORIES = List.of("search", "social", "video", "shopping", "email");

  private static final String NONE = "none";

  private final Map<String, Site> byHost = new HashMap<>();
  private final Map<String, String> categoryByName = new HashMap<>();

  /**
   * A site.
   *
   * @param category one of {@link #CATEGORIES}; empty for parts of a site that are none, such as
   *     the documents of a search engine's owner
   * @param name in lower case
   */
  record Site(String category, String name) {}

  private Sources() {}

  /** Those that are shipped. */
  static Sources load() {
    Sources sources = new Sources();
    sources.read("referrers.tsv");
    sources.read("sources.tsv");
    return sources;
  }

  private void read(String resource) {
    try (InputStream file =
        Objects.requireNonNull(Sources.class.getResourceAsStream(resource), resource)) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String line) {
    String[] fields = line.split("\t", -1);
    String category = fields[0].equals(NONE) ? "" : fields[0];
    String[] names = fields[1].toLowerCase(Locale.ROOT).split("\\|");
    Site site = new Site(category, names[0]);
    for (String host : fields[2].split(" ")) {
      if (!host.isEmpty()) {
        byHost.put(host, site);
      }
    }
    if (!category.isEmpty()) {
      for (String name : names) {
        categoryByName.put(name, category);
      }
    }
  }

  /** By a host or one of the domains above it; null if it is none that is known. */
  @Nullable Site ofHost(String host) {
    String domain = host;
    while (true) {
      Site site = byHost.get(domain);
      if (site != null) {
        return site;
      }
      int dot = domain.indexOf('.');
      if (dot < 0) {
        return null;
      }
      domain = domain.substring(dot + 1);
    }
  }

  /** The category of a source, which is a site's name or a host; empty if it has none. */
  String category(String source) {
    String category = categoryByName.get(source);
    if (category != null) {
      return category;
    }
    Site site = source.indexOf('.') < 0 ? null : ofHost(source);
    return site == null ? "" : site.category();
  }
}
