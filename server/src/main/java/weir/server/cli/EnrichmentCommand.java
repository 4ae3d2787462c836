package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.config.ConfigurationException;
import weir.server.logging.LogSetup;

@Command(
    name = "enrichment",
    description = {"Shows and sets what is added to a project's events.", ""},
    synopsisSubcommandLabel = "list|on|off|set",
    mixinStandardHelpOptions = true)
final class EnrichmentCommand implements Callable<Integer> {
  static final String PATH = "/api/v1/enrichments";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  @Command(
      name = "list",
      description = "Lists the enrichments in their order, and what the project has set.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ApiAccess api) throws Exception {
    LogSetup.quiet();
    return print(ApiAnswer.of(api, "GET", PATH, null));
  }

  @Command(
      name = "on",
      description = "Switches enrichments on, for events from now on.",
      mixinStandardHelpOptions = true)
  int on(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names)
      throws Exception {
    return switched(api, names, true);
  }

  @Command(
      name = "off",
      description = "Switches enrichments off, for events from now on.",
      mixinStandardHelpOptions = true)
  int off(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names)
      throws Exception {
    return switched(api, names, false);
  }

  private int switched(ApiAccess api, List<String> names, boolean on) throws Exception {
    LogSetup.quiet();
    ObjectNode settings = settings(api);
    Set<String> off = new LinkedHashSet<>();
    settings.path("off").forEach(name -> off.add(name.asText()));
    for (String name : names) {
      if (!on) {
        off.add(name);
      } else if (!off.remove(name) && !known(api, name)) {
        throw new IOException("there is no enrichment '" + name + "'; weir enrichment list");
      }
    }
    ArrayNode list = settings.putArray("off");
    off.forEach(list::add);
    return print(ApiAnswer.of(api, "PUT", PATH, settings));
  }

  private static boolean known(ApiAccess api, String name) throws Exception {
    for (JsonNode each : ApiAnswer.of(api, "GET", PATH, null).path("enrichments")) {
      if (each.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  @Command(
      name = "set",
      description = {
        "Sets policies, for events from now on; what is not named stays.",
        "",
      },
      mixinStandardHelpOptions = true)
  int set(
      @Mixin ApiAccess api,
      @Option(
              names = "--bots",
              paramLabel = "P",
              description = "Crawlers' events: flag, drop or quarantine.")
          @Nullable String bots,
      @Option(names = "--ip", paramLabel = "P", description = "Addresses: keep, mask or drop.")
          @Nullable String ip,
      @Option(
              names = "--internal",
              paramLabel = "NETWORK",
              split = ",",
              description = "Your own networks, such as 203.0.113.0/24; none for none.")
          @Nullable List<String> internal,
      @Option(
              names = "--internal-policy",
              paramLabel = "P",
              description = "Events from your own networks: flag or drop.")
          @Nullable String internalPolicy,
      @Option(
              names = "--currency",
              paramLabel = "C",
              description = "Your own currency, such as EUR; none for none.")
          @Nullable String currency,
      @Option(
              names = "--channels",
              paramLabel = "FILE",
              description = "JSON list of channel rules that come before the default ones.")
          @Nullable Path channels)
      throws Exception {
    LogSetup.quiet();
    ObjectNode settings = settings(api);
    boolean changed = put(settings, "bots", bots) | put(settings, "ip", ip);
    if (internal != null) {
      ArrayNode networks = settings.withObject("/internal").putArray("networks");
      internal.stream().filter(each -> !each.equals("none")).forEach(networks::add);
      changed = true;
    }
    changed |= put(settings.withObject("/internal"), "policy", internalPolicy);
    if (currency != null) {
      settings.put("currency", currency.equals("none") ? null : currency);
      changed = true;
    }
    if (channels != null) {
      settings.set("channels", JSON.readTree(Files.readString(channels)));
      changed = true;
    }
    if (!changed) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("set"), "nothing to set: name an option");
    }
    return print(ApiAnswer.of(api, "PUT", PATH, settings));
  }

  private static boolean put(ObjectNode into, String field, @Nullable String value) {
    if (value != null) {
      into.put(field, value);
    }
    return value != null;
  }

  /** What a project has set. */
  static ObjectNode settings(ApiAccess api)
      throws IOException, InterruptedException, ConfigurationException {
    return (ObjectNode) ApiAnswer.of(api, "GET", PATH, null).path("settings");
  }

  private int print(JsonNode answer) {
    ArrayNode columns = JSON.createArrayNode();
    List.of("enrichment", "on", "adds").forEach(name -> columns.addObject().put("name", name));
    ArrayNode rows = JSON.createArrayNode();
    for (JsonNode each : answer.path("enrichments")) {
      rows.addArray()
          .add(each.path("name").asText())
          .add(each.path("on").asBoolean() ? "yes" : "no")
          .add(each.path("description").asText());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(TextTable.of(columns, rows));
    out.println();
    List<String> lines = new ArrayList<>();
    answer
        .path("settings")
        .properties()
        .forEach(field -> lines.add(field.getKey() + "  " + field.getValue()));
    lines.forEach(out::println);
    out.flush();
    return 0;
  }
}
