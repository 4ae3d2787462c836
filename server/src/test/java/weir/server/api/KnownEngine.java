package weir.server.api;

import java.io.IOException;
import java.time.Instant;
import weir.server.tables.Snapshots;
import weir.server.tables.Tables;

/** An engine whose answers are known. */
final class KnownEngine implements Engine {
  final KnownTables tables = new KnownTables();

  private volatile Readiness readiness = new Readiness(true, "");

  void setReadiness(Readiness now) {
    readiness = now;
  }

  @Override
  public String ledger(String project, Instant from, Instant to) {
    return "{\"project\":\"" + project + "\",\"from\":\"" + from + "\",\"to\":\"" + to + "\"}";
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
}
