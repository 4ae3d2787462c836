package weir.server.enrichment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.enrich.Enrichment;
import weir.enrich.Enrichments;
import weir.enrich.ProjectEnrichments;
import weir.enrich.agent.UserAgents;
import weir.enrich.plugin.PluginChain;
import weir.enrich.settings.EnrichmentSettings;
import weir.enrich.settings.SettingsJson;
import weir.enrich.settings.StandardEnrichments;
import weir.metadata.EnrichmentStore;
import weir.metadata.RefusedException;
import weir.server.plugins.PluginReport;
import weir.server.plugins.Plugins;

/**
 * What projects want of their enrichments: kept in the metadata database, and in force for what is
 * decided from then on. Looks for files that have changed on a thread of its own. Safe for use by
 * several threads.
 */
public final class EnrichmentControl implements ProjectSettings, ProjectEnrichments, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EnrichmentControl.class);
  private static final long LOOK_SECONDS = 5;

  private final EnrichmentStore store;
  private final StandardEnrichments enrichments;
  private final Plugins plugins;
  private final Map<String, EnrichmentSettings> known;
  private final ScheduledExecutorService looking;

  private EnrichmentControl(
      EnrichmentStore store,
      StandardEnrichments enrichments,
      Plugins plugins,
      Map<String, EnrichmentSettings> known,
      ScheduledExecutorService looking) {
    this.store = store;
    this.enrichments = enrichments;
    this.plugins = plugins;
    this.known = known;
    this.looking = looking;
  }

  /** Brings into force what projects have set; the files are read meanwhile, and waited for. */
  public static EnrichmentControl start(
      EnrichmentStore store, StandardEnrichments enrichments, Plugins plugins) {
    Map<String, EnrichmentSettings> known = new ConcurrentHashMap<>();
    store
        .all()
        .forEach((project, text) -> {
          try {
            EnrichmentSettings settings = SettingsJson.read(text);
            known.put(project, settings);
            enrichments.set(project, settings);
            plugins.set(project, settings.plugins());
          } catch (IllegalArgumentException e) {
            LOG.error("the enrichments of {} are as by default: {}", project, e.getMessage());
          }
        });
    ThreadFactory threads = Thread.ofPlatform().name("weir-enrich-files").daemon().factory();
    ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(threads);
    looking.execute(() -> refresh(enrichments));
    looking.execute(UserAgents::prepare);
    looking.scheduleWithFixedDelay(
        () -> refresh(enrichments), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    return new EnrichmentControl(store, enrichments, plugins, known, looking);
  }

  private static void refresh(StandardEnrichments enrichments) {
    try {
      enrichments.refresh();
    } catch (RuntimeException e) {
      LOG.error("files of enrichments cannot be looked at", e);
    }
  }

  @Override
  public EnrichmentSettings settings(String project) {
    return known.getOrDefault(project, EnrichmentSettings.DEFAULTS);
  }

  @Override
  public List<Enrichment> inForce(String project) {
    return enrichments.of(project).all();
  }

  @Override
  public synchronized void set(String project, EnrichmentSettings settings)
      throws RefusedException {
    store.put(project, SettingsJson.write(settings).toString());
    EnrichmentSettings before = settings(project);
    known.put(project, settings);
    enrichments.set(project, settings);
    if (!settings.plugins().equals(before.plugins())) {
      plugins.set(project, settings.plugins());
    }
  }

  @Override
  public Enrichments of(String project) {
    return enrichments.of(project);
  }

  @Override
  public Optional<PluginChain> plugins(String project) {
    return plugins.of(project);
  }

  @Override
  public PluginReport pluginReport() {
    return plugins.report();
  }

  /** How the plug-ins are that projects use. */
  public List<PluginReport.Used> usedPlugins() {
    return plugins.used();
  }

  /** What is wrong with files, and with plug-ins that are used. */
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>(plugins.troubles());
    enrichments.trouble().ifPresent(troubles::add);
    return troubles;
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
