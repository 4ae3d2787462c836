package weir.server.cli;

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
    Rehearsal.play(Files.createDirectories(data));
    return 0;
  }
}
