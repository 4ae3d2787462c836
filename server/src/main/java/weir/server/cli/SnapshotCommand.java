package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "snapshot",
    description = {
      "Names what the tables hold now, so that it can be asked later (query --as-of).",
      ""
    },
    synopsisSubcommandLabel = "create|list|drop",
    mixinStandardHelpOptions = true)
final class SnapshotCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/snapshots";

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  @Command(
      name = "create",
      description = "Gives what the tables hold now a name.",
      mixinStandardHelpOptions = true)
  int create(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    LogSetup.quiet();
    JsonNode made =
        ApiAnswer.of(api, "POST", PATH, JsonNodeFactory.instance.objectNode().put("name", name));
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s is what the tables held at %s: %s%n",
        name, made.path("at").asText(), Amount.of(made.path("rows").asLong(), "event"));
    out.flush();
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists the named snapshots.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ApiAccess api) throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        ApiAnswer.table(
            api,
            PATH + "?",
            "snapshots",
            List.of("name", "at", "events"),
            snapshot ->
                List.of(
                    snapshot.path("name").asText(),
                    snapshot.path("at").asText(),
                    snapshot.path("rows").asText())));
    out.flush();
    return 0;
  }

  @Command(
      name = "drop",
      description = "Forgets a name; what nothing else has goes in time.",
      mixinStandardHelpOptions = true)
  int drop(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    LogSetup.quiet();
    ApiAnswer.of(api, "DELETE", PATH + "/" + ApiAnswer.encoded(name), null);
    PrintWriter out = spec.commandLine().getOut();
    out.println("forgot " + name);
    out.flush();
    return 0;
  }
}
