package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "status",
    description = {"Shows roles, lag, disk and the ledger; exits 1 when something is wrong.", ""},
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--json", description = "Print what the API says.")
  boolean json;

  @Mixin ApiAccess api = new ApiAccess();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    HttpResponse<InputStream> answer = api.send("/api/v1/status", null, Duration.ofSeconds(30));
    PrintWriter out = spec.commandLine().getOut();
    try (InputStream body = answer.body()) {
      JsonNode status = JSON.readTree(body);
      if (answer.statusCode() != 200) {
        spec.commandLine().getErr().println(status.path("error").path("message").asText());
        return 1;
      }
      if (json) {
        out.println(status.toPrettyString());
      } else {
        out.print(StatusText.of(status));
      }
      out.flush();
      return status.path("ok").asBoolean() ? 0 : 1;
    }
  }
}
