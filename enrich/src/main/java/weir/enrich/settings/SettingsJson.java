package weir.enrich.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import weir.enrich.Enrichments;
import weir.enrich.agent.BotEnrichment;
import weir.enrich.channel.ChannelRule;
import weir.enrich.geo.AddressEnrichment;
import weir.enrich.plugin.PluginUse;
import weir.event.Network;

/**
 * A project's settings as JSON: {@code {"off":["geo"],"bots":"flag|drop|quarantine",
 * "ip":"keep|mask|drop","internal":{"networks":["10.0.0.0/8"],"policy":"flag|drop"},
 * "currency":"EUR","channels":[{"channel":"","source":"","medium":"","campaign":"","category":""}],
 * "plugins":[{"name":"","settings":{}}]}}. What is left out is as by default.
 */
public final class SettingsJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FIELDS =
      List.of("off", "bots", "ip", "internal", "currency", "channels", "plugins");
  private static final List<String> RULE_FIELDS =
      List.of("channel", "source", "medium", "campaign", "category");
  private static final int MOST_PLUGINS = 20;
  private static final int LONGEST_PLUGIN_SETTINGS = 64 << 10;
  private static final int MOST_NETWORKS = 1_000;
  private static final int MOST_RULES = 500;

  private SettingsJson() {}

  /**
   * Reads settings.
   *
   * @throws IllegalArgumentException saying what is wrong and what may stand there
   */
  public static EnrichmentSettings read(String text) {
    try {
      return read(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("this is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Likewise, of what was read already. */
  public static EnrichmentSettings read(JsonNode json) {
    known(json, "the settings", FIELDS);
    JsonNode internal = json.path("internal");
    if (!internal.isMissingNode() && !internal.isNull()) {
      known(internal, "internal", List.of("networks", "policy"));
    }
    return new EnrichmentSettings(
        off(json.path("off")),
        choice("bots", json.path("bots"), BotEnrichment.Policy.class, BotEnrichment.Policy.FLAG),
        choice(
            "ip", json.path("ip"), AddressEnrichment.Policy.class, AddressEnrichment.Policy.KEEP),
        networks(internal.path("networks")),
        choice("internal.policy", internal.path("policy"), Internal.class, Internal.FLAG)
            == Internal.DROP,
        currency(json.path("currency")),
        rules(json.path("channels")),
        plugins(json.path("plugins")));
  }

  private enum Internal {
    FLAG,
    DROP
  }

  private static void known(JsonNode json, String where, List<String> fields) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          where + " must be an object with " + String.join(", ", fields));
    }
    json.fieldNames()
        .forEachRemaining(name -> {
          if (!fields.contains(name)) {
            throw new IllegalArgumentException(
                where + " has no '" + name + "'; there are " + String.join(", ", fields));
          }
        });
  }

  private static List<String> texts(String field, JsonNode list, int most) {
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.isTextual() ? each.textValue() : ""));
    if (!list.isArray() || texts.contains("") || texts.size() > most) {
      throw new IllegalArgumentException(field + " must be a list of texts, at most " + most);
    }
    return texts;
  }

  private static Set<String> off(JsonNode list) {
    List<String> names = texts("off", list, 100);
    for (String name : names) {
      if (!Enrichments.NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "there is no enrichment '"
                + name
                + "'; there are "
                + String.join(", ", Enrichments.NAMES));
      }
    }
    return new HashSet<>(names);
  }

  private static <E extends Enum<E>> E choice(
      String field, JsonNode value, Class<E> type, E otherwise) {
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    for (E each : type.getEnumConstants()) {
      if (lower(each).equals(value.asText())) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        field
            + " must be one of "
            + String.join(
                ", ", Arrays.stream(type.getEnumConstants()).map(SettingsJson::lower).toList()));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static List<Network> networks(JsonNode list) {
    return texts("internal.networks", list, MOST_NETWORKS).stream().map(Network::of).toList();
  }

  private static Optional<String> currency(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String code = value.asText().toUpperCase(Locale.ROOT);
    if (!code.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("currency must be three letters, such as EUR");
    }
    return Optional.of(code);
  }

  private static List<ChannelRule> rules(JsonNode list) {
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    if (!list.isArray() || list.size() > MOST_RULES) {
      throw new IllegalArgumentException("channels must be a list of rules, at most " + MOST_RULES);
    }
    List<ChannelRule> rules = new ArrayList<>();
    for (JsonNode rule : list) {
      String where = "channels[" + rules.size() + "]";
      known(rule, where, RULE_FIELDS);
      try {
        rules.add(
            ChannelRule.of(
                rule.path("channel").asText(),
                rule.path("source").textValue(),
                rule.path("medium").textValue(),
                rule.path("campaign").textValue(),
                rule.path("category").textValue()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
      }
    }
    return rules;
  }

  private static List<PluginUse> plugins(JsonNode list) {
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    if (!list.isArray() || list.size() > MOST_PLUGINS) {
      throw new IllegalArgumentException(
          "plugins must be a list of plug-ins, at most " + MOST_PLUGINS);
    }
    List<PluginUse> plugins = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode each : list) {
      String where = "plugins[" + plugins.size() + "]";
      known(each, where, List.of("name", "settings"));
      JsonNode settings = each.path("settings");
      boolean none = settings.isMissingNode() || settings.isNull();
      String text = none ? "{}" : settings.toString();
      if ((!none && !settings.isObject()) || text.length() > LONGEST_PLUGIN_SETTINGS) {
        throw new IllegalArgumentException(
            where + ".settings must be an object, of 64 KiB of JSON at most");
      }
      PluginUse use = new PluginUse(each.path("name").asText(), text);
      if (!names.add(use.name())) {
        throw new IllegalArgumentException(where + ": '" + use.name() + "' is there twice");
      }
      plugins.add(use);
    }
    return plugins;
  }

  private static ArrayNode plugins(List<PluginUse> plugins) {
    ArrayNode list = JSON.createArrayNode();
    for (PluginUse use : plugins) {
      try {
        list.addObject().put("name", use.name()).set("settings", JSON.readTree(use.settings()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e); // read as JSON before
      }
    }
    return list;
  }

  /** Settings as they are written, all fields of them. */
  public static ObjectNode write(EnrichmentSettings settings) {
    ObjectNode json = JSON.createObjectNode();
    settings.off().stream().sorted().forEach(json.putArray("off")::add);
    json.put("bots", lower(settings.bots()));
    json.put("ip", lower(settings.ip()));
    ObjectNode internal = json.putObject("internal");
    ArrayNode networks = internal.putArray("networks");
    settings.internalNetworks().forEach(network -> networks.add(network.toString()));
    internal.put("policy", settings.dropsInternal() ? "drop" : "flag");
    json.put("currency", settings.currency().orElse(null));
    json.set("channels", write(settings.channels()));
    json.set("plugins", plugins(settings.plugins()));
    return json;
  }

  /** Rows of a table of channels, as they are written. */
  public static ArrayNode write(List<ChannelRule> rules) {
    ArrayNode list = JSON.createArrayNode();
    for (ChannelRule rule : rules) {
      ObjectNode row = list.addObject().put("channel", rule.channel());
      put(row, "source", rule.source());
      put(row, "medium", rule.medium());
      put(row, "campaign", rule.campaign());
      rule.category().ifPresent(category -> row.put("category", category));
    }
    return list;
  }

  private static void put(ObjectNode row, String field, Optional<Pattern> expression) {
    expression.ifPresent(pattern -> row.put(field, pattern.pattern()));
  }
}
