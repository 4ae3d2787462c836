package weir.server.plugins;

import com.google.common.util.concurrent.Uninterruptibles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginUse;

/**
 * The plug-ins that projects use. Nothing is started, and no jar is looked at, before a project
 * uses one or somebody asks what there is. Safe for use by several threads.
 */
public final class Plugins implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
  private static final long LOOK_MILLIS = 2_000;

  private final PluginOptions options;
  private final PluginCatalog catalog;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final MeterRegistry metrics;
  private final Map<String, List<PluginUse>> uses = new ConcurrentHashMap<>();
  private final Map<String, PluginChain> chains = new ConcurrentHashMap<>();
  private final Map<String, PluginCounts> counts = new ConcurrentHashMap<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();
  private final Map<String, Counter> restarts = new ConcurrentHashMap<>();
  private final CountDownLatch looked = new CountDownLatch(1);
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("weir-plugins-look").daemon().factory());

  private Plugins(
      PluginOptions options, InstantSource clock, LongSupplier ticker, MeterRegistry metrics) {
    this.options = options;
    this.catalog = new PluginCatalog(options);
    this.clock = clock;
    this.ticker = ticker;
    this.metrics = metrics;
  }

  /**
   * Starts to look for jars, now and then.
   *
   * @param ticker nanoseconds, for durations
   */
  public static Plugins start(
      PluginOptions options, InstantSource clock, LongSupplier ticker, MeterRegistry metrics) {
    Plugins plugins = new Plugins(options, clock, ticker, metrics);
    plugins.looking.scheduleWithFixedDelay(
        plugins::lookIfUsed, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return plugins;
  }

  private void lookIfUsed() {
    if (!uses.isEmpty()) {
      look();
    }
  }

  private void look() {
    try {
      boolean first = looked.getCount() > 0;
      if (catalog.refresh(copiesInUse()) || first) {
        uses.keySet().forEach(project -> arrange(project, true));
      }
    } catch (RuntimeException e) {
      LOG.error("plug-ins cannot be looked at", e);
    } finally {
      looked.countDown();
    }
  }

  private Set<Path> copiesInUse() {
    Set<Path> copies = new HashSet<>();
    for (PluginChain chain : chains.values()) {
      if (chain instanceof ProjectChain running) {
        running.spec().links().forEach(link -> copies.add(link.plugin().copy()));
      }
    }
    return copies;
  }

  /** The plug-ins of a project; waits for the first look at the jars where it uses some. */
  public Optional<PluginChain> of(String project) {
    if (!uses.containsKey(project)) {
      return Optional.empty();
    }
    Uninterruptibles.awaitUninterruptibly(looked);
    return Optional.ofNullable(chains.get(project));
  }

  /** What a project uses from now on, in this order. Does not wait. */
  public synchronized void set(String project, List<PluginUse> wanted) {
    if (wanted.isEmpty()) {
      uses.remove(project);
      refused.remove(project);
      end(chains.remove(project));
      return;
    }
    uses.put(project, List.copyOf(wanted));
    if (looked.getCount() == 0) {
      arrange(project, false);
    } else {
      looking.execute(this::look);
    }
  }

  /**
   * @param keep whether plug-ins that run stay where what comes in their place does not open
   */
  private synchronized void arrange(String project, boolean keep) {
    List<PluginUse> wanted = uses.get(project);
    if (wanted == null) {
      return;
    }
    refused.remove(project);
    List<ChainSpec.Link> links = new ArrayList<>();
    for (PluginUse use : wanted) {
      Optional<PluginCatalog.Available> found = catalog.named(use.name());
      if (found.isEmpty()) {
        end(chains.put(project, missing(project, use.name())));
        return;
      }
      links.add(new ChainSpec.Link(found.get(), use.settings()));
    }
    ChainSpec spec = new ChainSpec(project, links);
    PluginChain before = chains.get(project);
    if (before instanceof ProjectChain running && running.spec().equals(spec)) {
      return;
    }
    ProjectChain fresh = chain(spec);
    if (keep && before instanceof ProjectChain running && !running.state().resting()) {
      Optional<String> problem = fresh.open();
      if (problem.isPresent()) {
        refused.put(project, problem.get() + "; the one before it stays");
        LOG.error("plug-ins of {}: {}", project, problem.get());
        fresh.close();
        return;
      }
    }
    end(chains.put(project, fresh));
  }

  private MissingChain missing(String project, String name) {
    String why =
        catalog.jars().stream()
            .filter(jar -> !jar.problem().isEmpty())
            .map(jar -> "; " + jar.file() + ": " + jar.problem())
            .findFirst()
            .orElse("");
    return new MissingChain(
        name,
        "there is no plug-in "
            + name
            + " in "
            + options.folder()
            + why
            + "; put its jar there, or: weir plugin off "
            + name,
        counts(project, name));
  }

  private ProjectChain chain(ChainSpec spec) {
    Counter restarted = restarts(spec.project());
    return new ProjectChain(
        spec,
        options,
        spec.links().stream().map(link -> counts(spec.project(), link.plugin().name())).toList(),
        restarted::increment,
        clock,
        ticker);
  }

  private Counter restarts(String project) {
    return restarts.computeIfAbsent(
        project,
        name ->
            Counter.builder("weir_plugin_restarts")
                .description("Processes of a project's plug-ins that had to be started again")
                .tag("project", name)
                .register(metrics));
  }

  private PluginCounts counts(String project, String plugin) {
    return counts.computeIfAbsent(
        project + " " + plugin, key -> new PluginCounts(project, plugin, metrics));
  }

  /** What is under way ends by itself; nobody here waits for it. */
  private void end(@Nullable PluginChain chain) {
    if (chain instanceof ProjectChain running) {
      Thread.ofPlatform().name("weir-plugins-end").daemon().start(running::close);
    }
  }

  /** Looks at the jars and tells of all. May take seconds. */
  public PluginReport report() {
    look();
    List<PluginReport.Jar> jars = new ArrayList<>();
    for (PluginCatalog.Jar jar : catalog.jars()) {
      jars.add(
          new PluginReport.Jar(
              jar.file(),
              jar.plugins().stream()
                  .map(each ->
                      new PluginReport.Known(each.name(), each.version(), each.description()))
                  .toList(),
              jar.problem()));
    }
    return new PluginReport(options.folder().toString(), jars, used());
  }

  /** What projects use, by project, in its order. */
  public List<PluginReport.Used> used() {
    List<PluginReport.Used> used = new ArrayList<>();
    uses.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
        .forEach(entry -> entry.getValue().forEach(use -> used.add(used(entry.getKey(), use))));
    return used;
  }

  private PluginReport.Used used(String project, PluginUse use) {
    PluginChain chain = chains.get(project);
    Optional<PluginCatalog.Available> found = catalog.named(use.name());
    String state = "running";
    String why = refused.getOrDefault(project, "");
    if (found.isEmpty() || chain instanceof MissingChain) {
      state = found.isEmpty() ? "missing" : "suspended";
      why = chain instanceof MissingChain missing ? missing.why() : "";
    } else if (chain instanceof ProjectChain running && running.state().resting()) {
      ChainState resting = running.state();
      state = "suspended";
      why = "since " + resting.since() + ": " + resting.why();
    }
    PluginCounts counted = counts(project, use.name());
    return new PluginReport.Used(
        project,
        use.name(),
        found.map(PluginCatalog.Available::version).orElse(""),
        use.settings(),
        state,
        why,
        counted.in(),
        counted.made(),
        counted.dropped(),
        counted.quarantined(),
        counted.micros(),
        (long) restarts(project).count());
  }

  /** What is wrong with jars that are there, and with plug-ins that projects use. */
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    for (PluginCatalog.Jar jar : catalog.jars()) {
      if (!jar.problem().isEmpty()) {
        troubles.add("plug-in jar " + jar.file() + ": " + jar.problem());
      }
    }
    new TreeMap<>(refused)
        .forEach((project, why) -> troubles.add("plug-ins of " + project + ": " + why));
    for (PluginReport.Used each : used()) {
      if (!each.state().equals("running")) {
        troubles.add(
            "the plug-in %s of the project %s is %s: %s"
                .formatted(each.name(), each.project(), each.state(), each.why()));
      }
    }
    return troubles;
  }

  /** Ends all processes. */
  @Override
  public void close() {
    looking.shutdownNow();
    chains
        .values()
        .forEach(chain -> {
          if (chain instanceof ProjectChain running) {
            running.close();
          }
        });
  }
}
