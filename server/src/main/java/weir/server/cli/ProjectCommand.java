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
    name = "project",
    description = {"Opens, lists and closes projects; with a key of the installation.", ""},
    synopsisSubcommandLabel = "create|list|close",
    mixinStandardHelpOptions = true)
final class ProjectCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/projects";

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  @Command(
      name = "create",
      description = "Opens a project and prints its first two keys.",
      mixinStandardHelpOptions = true)
  int create(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    LogSetup.quiet();
    JsonNode made =
        ApiAnswer.of(api, "POST", PATH, JsonNodeFactory.instance.objectNode().put("name", name));
    PrintWriter out = spec.commandLine().getOut();
    out.println("project    " + made.path("name").asText());
    out.println("write key  " + made.path("write_key").asText());
    out.println("API key    " + made.path("api_key").asText() + "  (not shown again)");
    out.flush();
    return 0;
  }

  @Command(name = "list", description = "Lists the open projects.", mixinStandardHelpOptions = true)
  int list(@Mixin ApiAccess api) throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        ApiAnswer.table(
            api,
            PATH + "?",
            "projects",
            List.of("name", "created"),
            project ->
                List.of(project.path("name").asText(), project.path("created_at").asText())));
    out.flush();
    return 0;
  }

  @Command(
      name = "close",
      description = "Closes a project: revokes its keys. Its events stay on the disk.",
      mixinStandardHelpOptions = true)
  int close(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    LogSetup.quiet();
    JsonNode closed = ApiAnswer.of(api, "DELETE", PATH + "/" + ApiAnswer.encoded(name), null);
    PrintWriter out = spec.commandLine().getOut();
    out.println("closed " + name + ": " + closed.path("note").asText());
    out.flush();
    return 0;
  }
}
