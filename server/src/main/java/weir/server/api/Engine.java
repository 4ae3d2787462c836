package weir.server.api;

import java.io.IOException;
import java.util.Map;
import weir.delivery.Deliveries;
import weir.server.enrichment.ProjectSettings;
import weir.server.schemas.Schemas;
import weir.server.stream.Taps;
import weir.server.tables.Snapshots;
import weir.server.tables.Tables;
import weir.server.webhook.Webhooks;
import weir.tools.undo.Imports;

/** What the API asks of the engine that it stands before. All may block. */
public interface Engine {
  /** A page of the ledger's rows of a project, as the body of {@code GET /api/v1/ledger}. */
  String ledger(String project, LedgerQuestion question) throws IOException;

  /** The state of all roles, as the body of {@code GET /api/v1/status}. */
  String status() throws IOException;

  /** The metrics of all roles in Prometheus' format. */
  String metrics() throws IOException;

  /** Whether events are processed, the lake is written and SQL is answered; else why not. */
  Readiness readiness();

  /** The tables that users store. */
  Tables tables();

  /** The snapshots that have a name. */
  Snapshots snapshots();

  /** The imports of projects. */
  Imports imports();

  /** The columns of properties. */
  Schemas schemas();

  /** How many events came this month with write keys that have a quota, by key. */
  Map<String, Long> keyUsage();

  /** What reads along with the clean log. */
  Taps taps();

  /** What is delivered to webhooks. */
  Deliveries deliveries();

  /** What projects want of their enrichments. */
  ProjectSettings enrichments();

  /** The webhooks of projects. */
  Webhooks webhooks();

  /**
   * Whether the engine can do its work.
   *
   * @param why what is missing; empty if nothing is
   */
  record Readiness(boolean ready, String why) {}
}
