package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "try",
    description = {"Shows what a mapping makes of the last requests. Nothing is stored.", ""},
    mixinStandardHelpOptions = true)
final class WebhookTryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID")
  String id = "";

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "How many requests, up to 100 (default: 20).")
  int last = 20;

  @Mixin WebhookCommand.MappingOption mapping = new WebhookCommand.MappingOption();
  @Mixin ApiAccess api = new ApiAccess();
  @Spec CommandSpec spec = CommandSpec.create();

  /** Exits with 1 where a request would make no event. */
  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("last", last);
    mapping.put(body);
    JsonNode result = ApiAnswer.of(api, "POST", WebhookCommand.path(id) + "/try", body);
    PrintWriter out = spec.commandLine().getOut();
    for (JsonNode request : result.path("requests")) {
      for (JsonNode event : request.path("events")) {
        out.println(request.path("received_at").asText() + " " + event);
      }
    }
    out.println(
        result.path("requests").size()
            + " requests: "
            + result.path("events").asInt()
            + " events, "
            + result.path("bad").asInt()
            + " bad");
    out.flush();
    return result.path("bad").asInt() == 0 ? 0 : 1;
  }
}
