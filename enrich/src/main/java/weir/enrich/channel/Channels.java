package weir.enrich.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a visit: by a project's own rules, else by GA4's default channel groups as Google
 * documents them. Safe for use by several threads.
 */
public final class Channels {
  /** Read once, by whoever needs them first. */
  private static final class Shipped {
    static final Sources SOURCES = Sources.load();
    static final List<ChannelRule> RULES = rules();

    private static List<ChannelRule> rules() {
      try (InputStream file =
          Objects.requireNonNull(Channels.class.getResourceAsStream("channels.json"))) {
        List<ChannelRule> rules = new ArrayList<>();
        for (JsonNode row : new ObjectMapper().readTree(file)) {
          rules.add(
              ChannelRule.of(
                  row.path("channel").asText(),
                  row.path("source").textValue(),
                  row.path("medium").textValue(),
                  row.path("campaign").textValue(),
                  row.path("category").textValue()));
        }
        return List.copyOf(rules);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final String UNASSIGNED = "Unassigned";

  private final List<ChannelRule> rules;
  private final Cache<Visit, String> kept =
      Caffeine.newBuilder().maximumSize(4_096).executor(Runnable::run).build();

  /**
   * @param own rows before those of the default table
   */
  public Channels(List<ChannelRule> own) {
    this.rules = new ArrayList<>(own);
    rules.addAll(Shipped.RULES);
  }

  /** The default table. */
  public static List<ChannelRule> defaults() {
    return Shipped.RULES;
  }

  String of(Visit visit) {
    String known = kept.getIfPresent(visit);
    if (known == null) {
      known = read(visit);
      kept.put(visit, known);
    }
    return known;
  }

  private String read(Visit visit) {
    String category = Shipped.SOURCES.category(visit.source());
    for (ChannelRule rule : rules) {
      if (rule.applies(visit, category)) {
        return rule.channel();
      }
    }
    return UNASSIGNED;
  }

  static Sources.@Nullable Site site(String host) {
    return Shipped.SOURCES.ofHost(host);
  }
}
