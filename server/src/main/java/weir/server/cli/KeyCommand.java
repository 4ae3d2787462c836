package weir.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "key",
    description = {"Makes, lists, changes and revokes the keys of a project.", ""},
    synopsisSubcommandLabel = "create|list|change|revoke",
    mixinStandardHelpOptions = true)
final class KeyCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/keys";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  @Spec CommandSpec spec = CommandSpec.create();

  /** What a new key is to be. */
  static final class Wanted {
    @Option(names = "--source", paramLabel = "S", description = "Makes a write key of this source.")
    @Nullable String source;

    @Option(
        names = "--scope",
        paramLabel = "read|admin",
        description = "Makes an API key with this scope.")
    @Nullable String scope;

    @Option(names = "--name", paramLabel = "N", description = "What the API key is for.")
    @Nullable String name;

    @Option(
        names = "--limit",
        paramLabel = "PROPERTY=VALUE",
        description = "Of an API key: the rows that it sees. The value is JSON, else text.")
    @Nullable String limit;

    @Option(names = "--installation", description = "Of an API key: it opens every project.")
    boolean installation;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  @Command(
      name = "create",
      description = "Makes a key and prints it.",
      mixinStandardHelpOptions = true)
  int create(@Mixin ApiAccess api, @Mixin Wanted wanted, @Mixin KeyRuleOptions options)
      throws Exception {
    LogSetup.quiet();
    JsonNode made = ApiAnswer.of(api, "POST", PATH, body(wanted, options.json(spec)));
    PrintWriter out = spec.commandLine().getOut();
    out.println("id   " + made.path("id").asText());
    out.println(
        "key  " + made.path("key").asText() + (wanted.source == null ? "  (not shown again)" : ""));
    out.flush();
    for (JsonNode note : made.path("notes")) {
      spec.commandLine().getErr().println("note: " + note.path("message").asText());
    }
    return 0;
  }

  private ObjectNode body(Wanted wanted, ObjectNode rules) {
    if ((wanted.source == null) == (wanted.scope == null)) {
      throw new ParameterException(
          spec.commandLine(), "either --source for a write key, or --scope for an API key");
    }
    ObjectNode body = JSON.createObjectNode();
    if (wanted.source != null) {
      rules.properties().removeIf(rule -> rule.getValue().isNull());
      body.put("kind", "write").put("source", wanted.source);
      return rules.isEmpty() ? body : body.set("rules", rules);
    }
    if (!rules.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "only write keys have rules: --source");
    }
    body.put("kind", "api").put("scope", wanted.scope).put("installation", wanted.installation);
    if (wanted.name != null) {
      body.put("name", wanted.name);
    }
    if (wanted.limit != null) {
      int sign = wanted.limit.indexOf('=');
      if (sign < 1) {
        throw new ParameterException(spec.commandLine(), "--limit is PROPERTY=VALUE");
      }
      body.putObject("limit")
          .put("property", wanted.limit.substring(0, sign))
          .set("value", value(wanted.limit.substring(sign + 1)));
    }
    return body;
  }

  /** What a limit's value is: JSON, a number in its own form, else text. */
  static JsonNode value(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.isNumber()) {
        return JSON.getNodeFactory().rawValueNode(new RawValue(text.strip())); // its form counts
      }
      return json.isValueNode() && !json.isNull() ? json : TextNode.valueOf(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }

  @Command(name = "list", description = "Lists the keys in force.", mixinStandardHelpOptions = true)
  int list(
      @Mixin ApiAccess api,
      @Option(names = "--all", description = "Also revoked ones.") boolean all)
      throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        ApiAnswer.table(
            api,
            PATH + "?",
            "keys",
            List.of("id", "kind", "name", "key", "scope", "limit", "rules", "created", "revoked"),
            key -> all || !key.has("revoked_at") ? row(key) : List.of()));
    out.flush();
    return 0;
  }

  private static List<String> row(JsonNode key) {
    boolean writes = key.path("kind").asText().equals("write");
    JsonNode limit = key.path("limit");
    return List.of(
        key.path("id").asText(),
        key.path("kind").asText(),
        key.path(writes ? "source" : "name").asText(),
        writes ? key.path("key").asText() : key.path("prefix").asText() + "...",
        key.path("scope").asText() + (key.path("installation").asBoolean() ? " of all" : ""),
        limit.isObject() ? limit.path("property").asText() + "=" + limit.path("value") : "",
        key.has("rules") ? key.path("rules").toString() : "",
        key.path("created_at").asText(),
        key.path("revoked_at").asText());
  }

  @Command(
      name = "change",
      description = {"Changes the rules of a write key; what is not named stays.", ""},
      mixinStandardHelpOptions = true)
  int change(
      @Mixin ApiAccess api, @Mixin KeyRuleOptions options, @Parameters(paramLabel = "ID") String id)
      throws Exception {
    LogSetup.quiet();
    ObjectNode rules = options.json(spec);
    if (rules.isEmpty()) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("change"), "nothing to change: name an option");
    }
    ObjectNode body = JSON.createObjectNode();
    body.set("rules", rules);
    JsonNode changed = ApiAnswer.of(api, "PATCH", PATH + "/" + ApiAnswer.encoded(id), body);
    PrintWriter out = spec.commandLine().getOut();
    out.println("rules " + (changed.has("rules") ? changed.path("rules") : "none"));
    out.flush();
    return 0;
  }

  @Command(
      name = "revoke",
      description = "Revokes a key: what it has open ends.",
      mixinStandardHelpOptions = true)
  int revoke(@Mixin ApiAccess api, @Parameters(paramLabel = "ID") String id) throws Exception {
    LogSetup.quiet();
    JsonNode revoked = ApiAnswer.of(api, "DELETE", PATH + "/" + ApiAnswer.encoded(id), null);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "revoked " + revoked.path("id").asText() + " at " + revoked.path("revoked_at").asText());
    out.flush();
    return 0;
  }
}
