package weir.server.statements;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import weir.directory.RoleFile;
import weir.server.loopback.LoopbackAddress;

/** One process for all projects, at the place that a role file names. Reading that file blocks. */
public final class RoleStatements implements Statements {
  private final Path roleFile;

  public RoleStatements(Path roleFile) {
    this.roleFile = roleFile;
  }

  private record Fixed(LoopbackAddress address) implements Place {
    @Override
    public void ending(boolean toBlame) {
      // its supervisor starts it again
    }

    @Override
    public CompletableFuture<Fate> lost() {
      return CompletableFuture.completedFuture(Fate.AGAIN);
    }

    @Override
    public void close() {
      // nobody counts
    }
  }

  @Override
  public CompletableFuture<Place> open(String project, String key) {
    try {
      Optional<RoleFile> role = RoleFile.read(roleFile);
      return role.<CompletableFuture<Place>>map(found ->
              CompletableFuture.completedFuture(
                  new Fixed(new LoopbackAddress(found.port(), found.token()))))
          .orElseGet(() ->
              CompletableFuture.failedFuture(
                  new UnavailableException("no query process has been ready yet")));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void end(String project) {
    // the process is all projects'
  }

  @Override
  public List<State> states() {
    return List.of();
  }

  @Override
  public List<Measured> metrics() {
    return List.of();
  }
}
