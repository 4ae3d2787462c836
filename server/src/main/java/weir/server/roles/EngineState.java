package weir.server.roles;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.collect.KeyUsage;
import weir.config.Configuration;
import weir.config.Settings;
import weir.delivery.Deliveries;
import weir.directory.Role;
import weir.directory.RoleFile;
import weir.lake.stored.TableConversion;
import weir.process.LedgerTotals;
import weir.server.api.Engine;
import weir.server.api.LedgerQuestion;
import weir.server.enrichment.EnrichmentControl;
import weir.server.enrichment.ProjectSettings;
import weir.server.metrics.Exposition;
import weir.server.plugins.PluginJson;
import weir.server.schemas.Schemas;
import weir.server.statements.Statements;
import weir.server.stream.Taps;
import weir.server.tables.ConversionProcess;
import weir.server.tables.LakeSnapshots;
import weir.server.tables.LakeTables;
import weir.server.tables.Snapshots;
import weir.server.tables.Tables;
import weir.server.webhook.Webhooks;
import weir.tools.undo.Imports;

/** What the API can say of the engine and, through it, of all roles. */
final class EngineState implements Engine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MANY_ENDS = 3;

  /** What a process that converts a file takes beside DuckDB's memory. */
  private static final long CONVERSION_BESIDE = 512L << 20;

  private final RoleContext context;
  private final Pipeline pipeline;
  private final Bookkeeping books;
  private final ControlClient others;
  private final Statements statements;
  private final DiskUse diskUse;
  private final Tables tables;
  private final Imports imports;
  private final Schemas schemas;
  private final EnrichmentControl enrichments;
  private final Taps taps;
  private final Webhooks webhooks;
  private final Deliveries deliveries;

  EngineState(
      RoleContext context,
      Pipeline pipeline,
      Bookkeeping books,
      ControlClient others,
      Statements statements,
      Imports imports,
      Schemas schemas,
      EnrichmentControl enrichments,
      Taps taps,
      Webhooks webhooks,
      Deliveries deliveries) {
    this.webhooks = webhooks;
    this.taps = taps;
    this.deliveries = deliveries;
    this.enrichments = enrichments;
    this.statements = statements;
    this.context = context;
    this.pipeline = pipeline;
    this.books = books;
    this.others = others;
    this.diskUse =
        context
            .stoppables()
            .add("disk use", DiskUse.start(context.directory(), InstantSource.system()));
    this.imports = imports;
    this.schemas = schemas;
    Configuration settings = context.configuration();
    pipeline
        .lake()
        .storedTables()
        .convertBy(
            new ConversionProcess(
                folder -> ChildCommand.conversion(folder, settings, context.directory()),
                2 * settings.get(Settings.LAKE_WRITER_MEMORY) + CONVERSION_BESIDE,
                System::nanoTime));
    this.tables =
        new LakeTables(
            pipeline.lake().storedTables(),
            statements,
            new LakeTables.Options(
                settings.get(Settings.API_QUERY_WAIT),
                settings.get(Settings.TABLES_UPLOAD_LIMIT),
                new TableConversion.Limits(
                    settings.get(Settings.TABLES_ROW_LIMIT),
                    settings.get(Settings.TABLES_SIZE_LIMIT),
                    settings.get(Settings.TABLES_TIME_LIMIT)),
                settings.get(Settings.DISK_RESERVE)));
  }

  @Override
  public Tables tables() {
    return tables;
  }

  @Override
  public Snapshots snapshots() {
    return new LakeSnapshots(pipeline.lake().namedSnapshots(), pipeline.writer());
  }

  @Override
  public Imports imports() {
    return imports;
  }

  @Override
  public Schemas schemas() {
    return schemas;
  }

  @Override
  public Map<String, Long> keyUsage() {
    return KeyUsage.kept(context.directory().keyUsage(), InstantSource.system());
  }

  @Override
  public Taps taps() {
    return taps;
  }

  @Override
  public Webhooks webhooks() {
    return webhooks;
  }

  @Override
  public Deliveries deliveries() {
    return deliveries;
  }

  @Override
  public ProjectSettings enrichments() {
    return enrichments;
  }

  @Override
  public String ledger(String project, LedgerQuestion question) throws IOException {
    return books.ledgerJson(project, question);
  }

  @Override
  public String metrics() {
    Exposition all = new Exposition();
    others.get(Role.COLLECT, "/metrics").ifPresent(text -> all.add(Role.COLLECT.label(), text));
    all.add(Role.ENGINE.label(), context.metrics().scrape());
    others.get(Role.QUERY, "/metrics").ifPresent(text -> all.add(Role.QUERY.label(), text));
    for (Statements.Measured each : statements.metrics()) {
      all.add(StatementRole.label(each.project()), each.text());
    }
    return all.toString();
  }

  @Override
  public Readiness readiness() {
    if (pipeline.failure().isDone()) {
      return new Readiness(false, "processing or loading has failed and starts again");
    }
    return others.get(Role.QUERY, "/status").isPresent()
        ? new Readiness(true, "")
        : new Readiness(false, "the query process is not there yet");
  }

  /** What the engine says at its control port. */
  String ownStatus() {
    return lag(JSON.createObjectNode()).toString();
  }

  private ObjectNode lag(ObjectNode into) {
    return into.put("process_bytes", pipeline.processLag()).put("lake_bytes", pipeline.lakeLag());
  }

  @Override
  public String status() throws IOException {
    ObjectNode status = JSON.createObjectNode().put("ok", false);
    ArrayNode problems = status.putArray("problems");
    addRoles(status.putArray("roles"), problems);
    lag(status.putObject("lag"));
    addDisk(status.putObject("disk"), problems);
    addLedger(status.putObject("ledger"), problems);
    pipeline.processor().trouble().ifPresent(problems::add);
    pipeline.writer().trouble().ifPresent(problems::add);
    pipeline.lake().upkeep().trouble().ifPresent(problems::add);
    enrichments.troubles().forEach(problems::add);
    ArrayNode plugins = status.putArray("plugins");
    enrichments.usedPlugins().forEach(each -> PluginJson.write(plugins.addObject(), each));
    Deliveries.Counts counts = deliveries.counts();
    status
        .putObject("deliveries")
        .put("count", counts.all())
        .put("paused", counts.paused())
        .put("dead_letters", counts.deadLetters());
    deliveries.problems().forEach(problems::add);
    if (pipeline.failure().isDone()) {
      problems.add("processing or loading has failed; see the engine's log");
    }
    return status.put("ok", problems.isEmpty()).toString();
  }

  private void addRoles(ArrayNode roles, ArrayNode problems) {
    Optional<String> supervisor = others.get(Role.COLLECT, "/status");
    if (supervisor.isEmpty()) {
      problems.add("the collector does not answer");
      return;
    }
    try {
      Set<String> listed = new HashSet<>();
      for (JsonNode role : JSON.readTree(supervisor.get()).path("roles")) {
        roles.add(role);
        listed.add(role.path("role").asText());
        if (!role.path("up").asBoolean()) {
          String last = role.path("last_end").asText();
          problems.add(role.path("role").asText() + " is down (" + last + "); see its log");
        } else if (role.path("recent_ends").asInt() >= MANY_ENDS) {
          problems.add(
              role.path("role").asText()
                  + " has ended "
                  + role.path("recent_ends").asInt()
                  + " times within 15 minutes ("
                  + role.path("last_end").asText()
                  + "); see its log");
        }
        if (role.hasNonNull("problem")) {
          problems.add(role.path("role").asText() + ": " + role.path("problem").asText());
        }
      }
      addOthers(roles, listed);
      addStatements(roles);
    } catch (JsonProcessingException e) {
      problems.add("the collector's status cannot be read: " + e.getOriginalMessage());
    }
    if (others.get(Role.QUERY, "/status").isEmpty()) {
      problems.add("the query process does not answer");
    }
  }

  /** Processes that users' statements may end are told of, and are no problem. */
  private void addStatements(ArrayNode roles) {
    for (Statements.State each : statements.states()) {
      if (each.pid() != 0) {
        roles
            .addObject()
            .put("role", StatementRole.label(each.project()))
            .put("up", true)
            .put("pid", each.pid())
            .put("restarts", each.starts() - 1)
            .put("last_end", each.lastEnd());
      }
    }
  }

  /** Roles that another supervisor than the collector runs; of their ends it alone knows. */
  private void addOthers(ArrayNode roles, Set<String> listed) {
    for (Role role : List.of(Role.ENGINE, Role.QUERY)) {
      if (!listed.contains(role.label())) {
        boolean up = role == Role.ENGINE || others.get(role, "/status").isPresent();
        roles
            .addObject()
            .put("role", role.label())
            .put("up", up)
            .put("pid", up ? pid(role) : 0)
            .put("restarts", 0)
            .put("last_end", "");
      }
    }
  }

  private long pid(Role role) {
    try {
      return RoleFile.read(context.directory().roleFile(role)).map(RoleFile::pid).orElse(0L);
    } catch (IOException e) {
      return 0;
    }
  }

  private void addDisk(ObjectNode disk, ArrayNode problems) throws IOException {
    long free = context.directory().root().toFile().getUsableSpace();
    long reserve = context.configuration().get(Settings.DISK_RESERVE);
    disk.put("free_bytes", free);
    diskUse
        .last()
        .ifPresent(use ->
            disk.put("used_bytes", use.used())
                .put("raw_bytes", use.raw())
                .put("clean_bytes", use.clean())
                .put("lake_bytes", use.lake())
                .put("measured_at", use.at().toString()));
    if (free < reserve) {
      problems.add("only " + free + " bytes are free on the disk; requests are answered 503");
    }
  }

  private void addLedger(ObjectNode ledger, ArrayNode problems) throws IOException {
    LedgerTotals balance = books.totals();
    ledger.put("balanced", balance.balanced());
    ledger.put("accepted", balance.accepted());
    ledger.put("derived", balance.derived());
    ledger.put("quarantined", balance.quarantined());
    ledger.put("duplicate", balance.duplicate());
    ledger.put("dropped", balance.dropped());
    ledger.put("in_flight", balance.inFlight());
    ledger.put("uncommitted", balance.uncommitted());
    if (!balance.balanced()) {
      problems.add("the ledger is not balanced; GET /api/v1/ledger shows where");
    }
    if (books.isFailing()) {
      problems.add("the ledger cannot be written and lags; see the engine's log");
    }
    books.tableProblem().ifPresent(problems::add);
  }
}
