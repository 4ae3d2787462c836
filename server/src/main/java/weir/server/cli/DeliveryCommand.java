package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    name = "delivery",
    description = {"Delivers a project's events to webhooks of others.", ""},
    synopsisSubcommandLabel =
        "create|list|show|change|pause|resume|rotate|test|dead-letters|redeliver|delete",
    mixinStandardHelpOptions = true)
final class DeliveryCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/deliveries";

  @Spec CommandSpec spec = CommandSpec.create();

  /** What is delivered where. */
  static final class Wanted {
    @Option(names = "--to", paramLabel = "URL", description = "Where events are posted to.")
    @Nullable String to;

    @Option(
        names = "--event",
        paramLabel = "E",
        description = "An event to deliver; may be given several times; all without it.")
    @Nullable List<String> events;

    @Option(
        names = "--where",
        paramLabel = "CONDITION",
        description = "What must hold of an event, as in SQL: \"price > 10 and country = 'SE'\".")
    @Nullable String where;

    @Option(
        names = "--batch-events",
        paramLabel = "N",
        description = "Events of a request at most; 100 unless said.")
    @Nullable Integer batchEvents;

    ObjectNode json() {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      if (to != null) {
        body.put("url", to);
      }
      if (events != null) {
        events.stream().filter(each -> !each.isEmpty()).forEach(body.withArray("events")::add);
      }
      if (where != null) {
        body.put("where", where);
      }
      if (batchEvents != null) {
        body.put("batch_events", batchEvents);
      }
      return body;
    }
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  private int print(String... lines) {
    PrintWriter out = spec.commandLine().getOut();
    for (String line : lines) {
      out.println(line);
    }
    out.flush();
    return 0;
  }

  private static JsonNode ask(
      ApiAccess api, String method, String name, String action, @Nullable ObjectNode body)
      throws Exception {
    LogSetup.quiet();
    return ApiAnswer.of(api, method, PATH + "/" + ApiAnswer.encoded(name) + action, body);
  }

  @Command(
      name = "create",
      description = {"Delivers events from now on, and prints what they are signed with.", ""},
      mixinStandardHelpOptions = true)
  int create(
      @Mixin ApiAccess api,
      @Mixin Wanted wanted,
      @Option(
              names = "--from",
              paramLabel = "F",
              description = "latest (unless said), earliest or a position.")
          @Nullable String from,
      @Parameters(paramLabel = "NAME") String name)
      throws Exception {
    LogSetup.quiet();
    if (wanted.to == null) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("create"), "where to: --to URL");
    }
    ObjectNode body = wanted.json().put("name", name);
    if (from != null) {
      body.put("from", from);
    }
    JsonNode made = ApiAnswer.of(api, "POST", PATH, body);
    return print(
        "delivery  " + made.path("name").asText(),
        "secret    " + made.path("secret").asText() + "  (not shown again)");
  }

  @Command(name = "list", description = "Lists the deliveries.", mixinStandardHelpOptions = true)
  int list(@Mixin ApiAccess api) throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        ApiAnswer.table(
            api,
            PATH,
            "deliveries",
            List.of(
                "name",
                "url",
                "state",
                "delivered",
                "lag bytes",
                "dead letters",
                "last answer",
                "problem"),
            each ->
                List.of(
                    each.path("name").asText(),
                    each.path("url").asText(),
                    each.path("state").asText(),
                    each.path("delivered").asText(),
                    each.path("lag_bytes").asText(),
                    each.path("dead_letters").asText(),
                    each.at("/last_answer/answer").asText(),
                    each.path("problem").asText(""))));
    out.flush();
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows how a delivery stands, as JSON.",
      mixinStandardHelpOptions = true)
  int show(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    return print(ask(api, "GET", name, "", null).toPrettyString());
  }

  @Command(
      name = "change",
      description = {
        "Changes what is delivered where, from the next request on.",
        "What is not named stays; --event \"\" is for all, --where \"\" for no condition.",
        ""
      },
      mixinStandardHelpOptions = true)
  int change(
      @Mixin ApiAccess api, @Mixin Wanted wanted, @Parameters(paramLabel = "NAME") String name)
      throws Exception {
    ObjectNode body = wanted.json();
    if (wanted.events != null && !body.has("events")) {
      body.putArray("events");
    }
    if (body.isEmpty()) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("change"), "nothing to change: name an option");
    }
    return print(ask(api, "PATCH", name, "", body).toPrettyString());
  }

  @Command(
      name = "pause",
      description = "Lets a delivery rest; its position stays.",
      mixinStandardHelpOptions = true)
  int pause(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    ask(api, "POST", name, "/pause", null);
    return print(name + " is paused");
  }

  @Command(
      name = "resume",
      description = "Goes on at once, also with what has failed.",
      mixinStandardHelpOptions = true)
  int resume(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    ask(api, "POST", name, "/resume", null);
    return print(name + " goes on");
  }

  @Command(
      name = "rotate",
      description = "Makes a new secret; the one before signs too for a while.",
      mixinStandardHelpOptions = true)
  int rotate(
      @Mixin ApiAccess api,
      @Option(
              names = "--both",
              paramLabel = "SPAN",
              defaultValue = "24h",
              description = "How long both sign; ${DEFAULT-VALUE} unless said.")
          String both,
      @Parameters(paramLabel = "NAME") String name)
      throws Exception {
    JsonNode made = ask(api, "POST", name, "/rotate?both=" + ApiAnswer.encoded(both), null);
    return print("secret    " + made.path("secret").asText() + "  (not shown again)");
  }

  @Command(
      name = "test",
      description = "Sends a request without events; exits 1 if the receiver does not take it.",
      mixinStandardHelpOptions = true)
  int test(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    JsonNode tried = ask(api, "POST", name, "/test", null);
    print(tried.path("answer").asText() + " after " + tried.path("milliseconds").asText() + " ms");
    return tried.path("taken").asBoolean() ? 0 : 1;
  }

  @Command(
      name = "dead-letters",
      description = "Lists what could not be delivered, oldest first.",
      mixinStandardHelpOptions = true)
  int deadLetters(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name)
      throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        ApiAnswer.table(
            api,
            PATH + "/" + ApiAnswer.encoded(name) + "/dead-letters?",
            "dead_letters",
            List.of("id", "kind", "events", "since", "until", "reason"),
            each ->
                List.of(
                    each.path("id").asText(),
                    each.path("kind").asText(),
                    each.path("events").asText(),
                    each.path("created_at").asText(),
                    each.path("expires_at").asText(),
                    each.path("reason").asText())));
    out.flush();
    return 0;
  }

  @Command(
      name = "redeliver",
      description = "Delivers dead letters once more, all or those that are named.",
      mixinStandardHelpOptions = true)
  int redeliver(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "NAME", index = "0") String name,
      @Parameters(paramLabel = "ID", index = "1..*") @Nullable List<String> ids)
      throws Exception {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (ids != null) {
      ids.forEach(body.withArray("ids")::add);
    }
    JsonNode answer = ask(api, "POST", name, "/redeliver", body);
    return print("redelivering " + Amount.of(answer.path("redelivering").asLong(), "dead letter"));
  }

  @Command(
      name = "delete",
      description = "Forgets a delivery and its dead letters.",
      mixinStandardHelpOptions = true)
  int delete(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    ask(api, "DELETE", name, "", null);
    return print("forgot " + name);
  }
}
