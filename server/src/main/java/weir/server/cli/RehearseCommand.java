package weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import weir.server.roles.Rehearsal;

/** What a start-up cache is recorded from; not for users. */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR")
  Path data = Path.of("");

  @Override
  public Integer call() throws Exception {
    Rehearsal.play(Files.createDirectories(data), RehearseCommand::ask);
    return 0;
  }

  /** What somebody waits for at a terminal. */
  private static void ask(Path data) throws IOException {
    String statement = "select event, count(*) from events group by all";
    run("query", statement, "--data", data.toString());
    run("query", statement, "--format", "csv", "--data", data.toString());
    run("table", "list", "--data", data.toString());
  }

  private static void run(String... command) throws IOException {
    StringWriter said = new StringWriter();
    PrintWriter into = new PrintWriter(said);
    if (WeirCommand.execute(into, into, command) != 0) {
      throw new IOException(command[0] + " failed: " + said);
    }
  }
}
