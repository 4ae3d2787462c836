package weir.server.api;

import java.io.IOException;
import java.time.Duration;
import weir.server.tables.Snapshots;
import weir.server.tables.Tables;
import weir.tools.importing.ImportId;
import weir.tools.undo.Imports;

/** An engine whose answers are known. */
final class KnownEngine implements Engine {
  final KnownTables tables = new KnownTables();

  private volatile Readiness readiness = new Readiness(true, "");

  void setReadiness(Readiness now) {
    readiness = now;
  }

  @Override
  public String ledger(String project, LedgerQuestion question) {
    return "{\"project\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"limit\":%d,\"source\":\"%s\"}"
        .formatted(
            project, question.from(), question.to(), question.limit(), question.after().source());
  }

  @Override
  public String status() throws IOException {
    throw new IOException("broken on purpose");
  }

  @Override
  public String metrics() {
    return "# HELP weir_x X.\nweir_x 1\n";
  }

  @Override
  public Tables tables() {
    return tables;
  }

  @Override
  public Snapshots snapshots() {
    return new KnownSnapshots();
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public Imports imports() {
    return new Imports() {
      @Override
      public String describe(String project, ImportId id, Duration wait) {
        return "{\"import\":\"" + id.text() + "\",\"wait\":" + wait.toSeconds() + "}";
      }

      @Override
      public String undo(String project, ImportId id) {
        return "{\"import\":\"" + id.text() + "\"}";
      }
    };
  }
}
