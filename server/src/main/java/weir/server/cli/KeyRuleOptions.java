package weir.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a write key is to be held to. */
final class KeyRuleOptions {
  private static final String NONE = "none";

  @Option(
      names = "--origins",
      split = ",",
      paramLabel = "ORIGIN",
      description = {
        "Of a write key: pages that may send, such as",
        "https://shop.example,*.shop.example; null for",
        "pages opened from files; none for all."
      })
  @Nullable List<String> origins;

  @Option(
      names = "--require-origin",
      paramLabel = "true|false",
      description = "Of a write key: only web pages may send.")
  @Nullable Boolean requireOrigin;

  @Option(
      names = "--allow",
      split = ",",
      paramLabel = "NETWORK",
      description = "Of a write key: networks that may send; none for all.")
  @Nullable List<String> allow;

  @Option(
      names = "--deny",
      split = ",",
      paramLabel = "NETWORK",
      description = "Of a write key: networks that may not send; none to lift it.")
  @Nullable List<String> deny;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Of a write key: events a second; none for no limit.")
  @Nullable String rate;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "Events at once after a pause; none for ten seconds' worth.")
  @Nullable String burst;

  @Option(
      names = "--quota",
      paramLabel = "N",
      description = "Of a write key: events a month; none for no limit.")
  @Nullable String quota;

  /**
   * What is asked for, as the API takes it: what is to go is null.
   *
   * @throws ParameterException of a command, if a number is none
   */
  ObjectNode json(CommandSpec command) {
    try {
      return json();
    } catch (NumberFormatException e) {
      throw new ParameterException(
          command.commandLine(), "--rate, --burst and --quota take whole numbers, or none", e);
    }
  }

  private ObjectNode json() {
    ObjectNode rules = JsonNodeFactory.instance.objectNode();
    put(rules, "origins", origins);
    if (requireOrigin != null) {
      rules.put("require_origin", requireOrigin);
    }
    put(rules, "allow", allow);
    put(rules, "deny", deny);
    put(rules, "events_per_second", rate);
    put(rules, "burst", burst);
    put(rules, "monthly_quota", quota);
    if (rules.path("events_per_second").isNull()) {
      rules.putNull("burst"); // which means nothing without it
    }
    return rules;
  }

  private static void put(ObjectNode into, String field, @Nullable List<String> texts) {
    if (texts != null && texts.equals(List.of(NONE))) {
      into.putNull(field);
    } else if (texts != null) {
      ArrayNode list = into.putArray(field);
      texts.forEach(list::add);
    }
  }

  private static void put(ObjectNode into, String field, @Nullable String number) {
    if (number != null && number.equals(NONE)) {
      into.putNull(field);
    } else if (number != null) {
      into.put(field, Long.parseLong(number));
    }
  }
}
