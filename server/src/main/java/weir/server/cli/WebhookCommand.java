package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import weir.config.ConfigurationException;
import weir.server.logging.LogSetup;

@Command(
    name = "webhook",
    description = {"Takes what other services send: Stripe, GitHub, Shopify, anybody.", ""},
    synopsisSubcommandLabel = "create|list|show|change|rotate|enable|disable|delete|try|replay",
    subcommands = {WebhookTryCommand.class, WebhookReplayCommand.class},
    mixinStandardHelpOptions = true)
final class WebhookCommand implements Callable<Integer> {
  static final String PATH = "/api/v1/webhooks";

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec CommandSpec spec = CommandSpec.create();

  static final class SecretOption {
    @Option(
        names = "--secret",
        paramLabel = "S",
        description = "What the service signs with; - reads it from standard input.")
    @Nullable String secret;

    @Nullable String text() throws IOException {
      return secret != null && secret.equals("-")
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip()
          : secret;
    }
  }

  static final class MappingOption {
    @Option(
        names = "--mapping",
        paramLabel = "FILE",
        description = "JSON: where in a request the fields of an event are.")
    @Nullable Path file;

    /** Puts the mapping, if one is given, into a request. */
    void put(ObjectNode into) throws IOException {
      if (file != null) {
        try {
          into.set("mapping", JSON.readTree(Files.readString(file)));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
          throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
      }
    }
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  static String path(String id) {
    return PATH + "/" + ApiAnswer.encoded(id);
  }

  @Command(
      name = "create",
      description = "Makes a webhook and prints its URL.",
      mixinStandardHelpOptions = true)
  int create(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "NAME", description = "What its events bear as their source.")
          String name,
      @Option(
              names = "--template",
              paramLabel = "T",
              description = "stripe, github, shopify, or plain, which checks no signature.",
              defaultValue = "plain")
          String template,
      @Mixin SecretOption secret,
      @Mixin MappingOption mapping,
      @Mixin KeyRuleOptions options)
      throws Exception {
    LogSetup.quiet();
    ObjectNode body = JSON.createObjectNode().put("name", name).put("template", template);
    String text = secret.text();
    if (text != null) {
      body.put("secret", text);
    }
    mapping.put(body);
    ObjectNode rules = options.json(spec);
    rules.properties().removeIf(rule -> rule.getValue().isNull());
    if (!rules.isEmpty()) {
      body.set("rules", rules);
    }
    return print(ApiAnswer.of(api, "POST", PATH, body));
  }

  /** What a person needs of a webhook. */
  private int print(JsonNode webhook) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("id        " + webhook.path("id").asText());
    out.println("url       " + webhook.path("url").asText());
    out.println("template  " + webhook.path("template").asText());
    out.println("secrets   " + secrets(webhook));
    if (webhook.has("rules")) {
      out.println("rules     " + webhook.path("rules"));
    }
    if (!webhook.path("enabled").asBoolean()) {
      out.println("disabled");
    }
    out.flush();
    return 0;
  }

  private static String secrets(JsonNode webhook) {
    if (webhook.path("template").asText().equals("plain")) {
      return "none: who knows the URL may send";
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode secret : webhook.path("secrets")) {
      texts.add(secret.has("until") ? "one until " + secret.path("until").asText() : "one");
    }
    return texts.isEmpty()
        ? "none yet, so that all requests are refused: weir webhook rotate ID --secret S"
        : String.join(", ", texts);
  }

  @Command(name = "list", description = "Lists the webhooks.", mixinStandardHelpOptions = true)
  int list(@Mixin ApiAccess api) throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        ApiAnswer.table(
            api,
            PATH,
            "webhooks",
            List.of("id", "name", "template", "secrets", "enabled", "rules", "created"),
            webhook ->
                List.of(
                    webhook.path("id").asText(),
                    webhook.path("name").asText(),
                    webhook.path("template").asText(),
                    String.valueOf(webhook.path("secrets").size()),
                    webhook.path("enabled").asBoolean() ? "yes" : "no",
                    webhook.has("rules") ? webhook.path("rules").toString() : "",
                    webhook.path("created_at").asText())));
    out.flush();
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows a webhook, or its mapping.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--mapping", description = "The mapping alone, as JSON.") boolean mapping)
      throws Exception {
    LogSetup.quiet();
    JsonNode webhook = ApiAnswer.of(api, "GET", path(id), null);
    if (!mapping) {
      return print(webhook);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(webhook.path("mapping").toPrettyString());
    out.flush();
    return 0;
  }

  @Command(
      name = "change",
      description = {"Changes the mapping or the rules; what is not named stays.", ""},
      mixinStandardHelpOptions = true)
  int change(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "ID") String id,
      @Mixin MappingOption mapping,
      @Mixin KeyRuleOptions options)
      throws Exception {
    LogSetup.quiet();
    ObjectNode body = JSON.createObjectNode();
    mapping.put(body);
    ObjectNode rules = options.json(spec);
    if (!rules.isEmpty()) {
      body.set("rules", rules);
    }
    if (body.isEmpty()) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("change"), "nothing to change: name an option");
    }
    return print(ApiAnswer.of(api, "PATCH", path(id), body));
  }

  @Command(
      name = "rotate",
      description = {
        "Gives a webhook another URL, at once, or another secret.",
        "",
      },
      mixinStandardHelpOptions = true)
  int rotate(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--address", description = "Another URL; the one before ends.")
          boolean address,
      @Mixin SecretOption secret,
      @Option(
              names = "--keep",
              paramLabel = "TIME",
              description = "How long the secret before is still taken, such as 24h.")
          @Nullable String keep)
      throws Exception {
    LogSetup.quiet();
    String text = secret.text();
    if (address == (text != null)) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("rotate"), "either --address or --secret");
    }
    ObjectNode body = JSON.createObjectNode();
    if (address) {
      body.put("address", true);
    } else {
      body.put("secret", text);
    }
    if (keep != null) {
      body.put("keep", keep);
    }
    return print(ApiAnswer.of(api, "POST", path(id) + "/rotate", body));
  }

  @Command(
      name = "enable",
      description = "Lets requests in again.",
      mixinStandardHelpOptions = true)
  int enable(@Mixin ApiAccess api, @Parameters(paramLabel = "ID") String id) throws Exception {
    return enable(api, id, true);
  }

  @Command(
      name = "disable",
      description = "Lets no requests in: services get 404, and send again later.",
      mixinStandardHelpOptions = true)
  int disable(@Mixin ApiAccess api, @Parameters(paramLabel = "ID") String id) throws Exception {
    return enable(api, id, false);
  }

  private int enable(ApiAccess api, String id, boolean enabled)
      throws IOException, InterruptedException, ConfigurationException {
    LogSetup.quiet();
    ObjectNode body = JSON.createObjectNode().put("enabled", enabled);
    return print(ApiAnswer.of(api, "PATCH", path(id), body));
  }

  @Command(
      name = "delete",
      description = "Deletes a webhook and its last requests; its events stay.",
      mixinStandardHelpOptions = true)
  int delete(@Mixin ApiAccess api, @Parameters(paramLabel = "ID") String id) throws Exception {
    LogSetup.quiet();
    ApiAnswer.of(api, "DELETE", path(id), null);
    PrintWriter out = spec.commandLine().getOut();
    out.println("deleted " + id);
    out.flush();
    return 0;
  }
}
