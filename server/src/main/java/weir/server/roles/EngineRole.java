package weir.server.roles;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.Configuration;
import weir.config.Settings;
import weir.decode.Decoder;
import weir.decode.Decoders;
import weir.delivery.Deliveries;
import weir.delivery.DeliveryOptions;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.directory.RoleFile;
import weir.enrich.settings.StandardEnrichments;
import weir.metadata.MetaStore;
import weir.process.MetaDatabase;
import weir.server.api.ApiServer;
import weir.server.enrichment.EnrichmentControl;
import weir.server.live.EventViewer;
import weir.server.plugins.Plugins;
import weir.server.postgres.PostgresServer;
import weir.server.schemas.LakeSchemas;
import weir.server.statements.StatementProcesses;
import weir.server.statements.Statements;
import weir.server.stream.KnownNames;
import weir.server.stream.Taps;
import weir.server.webhook.WebhookControl;
import weir.tap.CleanEvents;
import weir.tap.EventStream;
import weir.tools.undo.LakeImports;

/** Processing, clean log, lake, metadata and the API. */
final class EngineRole {
  private static final Logger LOG = LoggerFactory.getLogger(EngineRole.class);

  private EngineRole() {}

  /**
   * Starts it.
   *
   * @param statements where users' statements run
   * @param end run on a thread of its own should processing or the lake's writer fail later, to end
   *     the process: started again, it goes on from what is durable
   */
  static RoleContext.Running start(RoleContext context, Statements statements, Runnable end)
      throws IOException, InterruptedException {
    Stoppables stoppables = context.stoppables();
    DataDirectory directory = context.directory();
    Folders.emptied(directory.libraries(Role.ENGINE));
    MetaDatabase database = stoppables.add("metadata", MetaDatabase.open(directory.metadata()));
    MetaStore store = store(context, database);
    StandardEnrichments standard = EnrichmentFiles.enrichments(context);
    Plugins plugins = stoppables.add("plug-ins", EnrichmentFiles.plugins(context));
    EnrichmentControl enrichments =
        stoppables.add(
            "enrichments", EnrichmentControl.start(store.enrichments(), standard, plugins));
    int eventLimit = Math.toIntExact(context.configuration().get(Settings.COLLECT_EVENT_LIMIT));
    WebhookControl webhooks =
        stoppables.add("webhooks", WebhookControl.start(store, eventLimit, InstantSource.system()));
    List<Decoder> decoders = new ArrayList<>(Decoders.all(eventLimit));
    decoders.add(webhooks.decoder());
    Pipeline pipeline = Pipeline.start(context, database, decoders, enrichments);
    Bookkeeping books = Bookkeeping.start(context, pipeline, store.projects()::everyName);
    endOnFailure(pipeline.failure(), stoppables, end);
    endOnFailure(books.failure(), stoppables, end);

    ControlClient others = new ControlClient(directory);
    LakeImports imports =
        stoppables.add(
            "undoing of imports",
            LakeImports.start(
                directory.undo(), pipeline.lake(), pipeline.writer(), pipeline.processor()));
    LakeSchemas schemas =
        stoppables.add(
            "dropping of columns",
            LakeSchemas.start(
                pipeline.schema(),
                pipeline.processor(),
                pipeline.writer(),
                pipeline.lake(),
                store.keys()));
    Taps taps = taps(context, pipeline);
    EngineState state =
        new EngineState(
            context,
            pipeline,
            books,
            others,
            statements,
            imports,
            schemas,
            enrichments,
            taps,
            webhooks,
            deliveries(context, database, store, taps));
    String collector = collectorUrl(context);
    EventViewer viewer = viewer(context, collector, store, pipeline);
    int apiPort = context.configuration().get(Settings.API_PORT);
    if (apiPort != 0) { // whoever has the keys already finds them known from the first request on
      publishFirstProject(context, store, collector, apiPort);
    }
    if (context.configuration().get(Settings.API_POSTGRES_PORT) != 0) {
      stoppables.add(
          "PostgreSQL port", PostgresServer.start(postgresOptions(context), store, statements));
    }
    ApiServer api =
        stoppables.add(
            "API",
            ApiServer.start(
                apiOptions(context), store, state, viewer, statements, InstantSource.system()));
    if (apiPort == 0) {
      publishFirstProject(context, store, collector, api.port());
    }
    stoppables.add(
        "last commit",
        () -> {
          if (!stoppables.isHurried()) {
            pipeline.drain();
          }
        });
    return new RoleContext.Running(api.port(), state::ownStatus);
  }

  /** Processes for statements, one for each project; ended with this one. */
  static Statements statements(RoleContext context) throws IOException {
    DataDirectory directory = context.directory();
    Configuration settings = context.configuration();
    StatementProcesses.Options options =
        new StatementProcesses.Options(
            (project, folder) -> ChildCommand.statements(project, folder, settings, directory),
            Folders.cleared(directory.statements()),
            settings.get(Settings.QUERY_INSTANCES),
            settings.get(Settings.QUERY_STATEMENT_IDLE),
            settings.get(Settings.QUERY_STATEMENT_LIMIT) * 2,
            settings.get(Settings.API_QUERY_WAIT));
    return context
        .stoppables()
        .add("statements", StatementProcesses.start(options, System::nanoTime));
  }

  private static Taps taps(RoleContext context, Pipeline pipeline) {
    CleanEvents events = new CleanEvents(pipeline.clean(), new KnownNames(pipeline.schema()));
    EventStream stream = EventStream.start(events, System::nanoTime, context.metrics());
    return new Taps(events, context.stoppables().add("stream of events", stream));
  }

  private static Deliveries deliveries(
      RoleContext context, MetaDatabase database, MetaStore store, Taps taps) {
    Configuration settings = context.configuration();
    DeliveryOptions options =
        new DeliveryOptions(
            settings.get(Settings.DELIVERIES_ALLOWED_NETWORKS),
            settings.get(Settings.DELIVERIES_TIMEOUT),
            settings.get(Settings.DELIVERIES_ATTEMPTS),
            settings.get(Settings.DELIVERIES_LONGEST_WAIT),
            Math.toIntExact(settings.get(Settings.DELIVERIES_BATCH_BYTES)),
            settings.get(Settings.DELIVERIES_CONCURRENCY),
            settings.get(Settings.DELIVERIES_MOST),
            settings.get(Settings.DELIVERIES_DEAD_LETTER_BYTES),
            settings.get(Settings.DELIVERIES_DEAD_LETTER_AGE),
            settings.get(Settings.TAPS_HELD_LOG));
    return context
        .stoppables()
        .add(
            "deliveries",
            Deliveries.start(
                database.jdbi(),
                taps.events(),
                (project, key) -> store.projects().isOpen(project) && store.keys().isInForce(key),
                options,
                InstantSource.system(),
                context.metrics()));
  }

  private static MetaStore store(RoleContext context, MetaDatabase database) {
    KeyPublication publication =
        context.stoppables().add("key publication", new KeyPublication(context.directory().keys()));
    MetaStore store = new MetaStore(database.jdbi(), InstantSource.system(), publication);
    publication.retryWith(store::publish);
    return store;
  }

  private static EventViewer viewer(
      RoleContext context, String collector, MetaStore store, Pipeline pipeline)
      throws IOException {
    return new EventViewer(
        collector,
        TrackerFiles.tracker(context.configuration()),
        store.keys()::writeKeys,
        pipeline.raw(),
        pipeline.clean(),
        Math.toIntExact(context.configuration().get(Settings.COLLECT_DECODED_LIMIT)),
        InstantSource.system());
  }

  private static ApiServer.Options apiOptions(RoleContext context) {
    Configuration settings = context.configuration();
    return new ApiServer.Options(
        settings.get(Settings.API_HOST),
        settings.get(Settings.API_PORT),
        TlsSettings.api(settings),
        context.directory().roleFile(Role.QUERY),
        settings.get(Settings.API_QUERY_WAIT));
  }

  private static PostgresServer.Options postgresOptions(RoleContext context) {
    Configuration settings = context.configuration();
    return new PostgresServer.Options(
        settings.get(Settings.API_HOST),
        settings.get(Settings.API_POSTGRES_PORT),
        TlsSettings.api(settings),
        settings.get(Settings.API_QUERY_WAIT),
        settings.get(Settings.API_POSTGRES_CONNECTIONS),
        settings.get(Settings.API_POSTGRES_LOGIN));
  }

  private static String collectorUrl(RoleContext context) throws IOException {
    Configuration settings = context.configuration();
    int port = settings.get(Settings.COLLECT_PORT);
    if (port == 0) {
      port =
          RoleFile.read(context.directory().roleFile(Role.COLLECT)).map(RoleFile::port).orElse(0);
    }
    return Urls.collector(settings, port);
  }

  private static void publishFirstProject(
      RoleContext context, MetaStore store, String collector, int apiPort) throws IOException {
    Configuration settings = context.configuration();
    DataDirectory directory = context.directory();
    store.ensureFirstProject(directory.credentials(), collector, Urls.api(settings, apiPort));
    store.publish();
  }

  private static void endOnFailure(
      CompletableFuture<Void> part, Stoppables stoppables, Runnable end) {
    part.whenComplete((ignored, why) -> {
      if (why != null) {
        LOG.error("the engine cannot go on", why);
        stoppables.hurry();
        Thread.ofPlatform().name("engine-failed").start(end);
      }
    });
  }
}
