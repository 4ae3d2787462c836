package weir.server.roles;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.collect.Collector;
import weir.config.Configuration;
import weir.config.Setting;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.HeldLock;
import weir.directory.OwnerOnly;
import weir.directory.PrivateFile;
import weir.directory.Role;
import weir.server.logging.LogSetup;
import weir.server.startup.CacheMaker;
import weir.server.startup.StartupCache;

/** What {@code weir start} does: runs the collector here and supervises the other roles. */
public final class Launch {
  private static final Logger LOG = LoggerFactory.getLogger(Launch.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ENGINE_STOP = Duration.ofSeconds(5);
  private static final Duration QUERY_STOP = Duration.ofSeconds(1);

  private final Configuration configuration;
  private final DataDirectory directory;
  private final Set<Role> roles;
  private final Stoppables stoppables = new Stoppables();
  private final List<SupervisedRole> children = new CopyOnWriteArrayList<>();
  private volatile @Nullable Collector collector;

  private Launch(Configuration configuration) {
    this.configuration = configuration;
    this.directory = new DataDirectory(configuration.get(Settings.DATA));
    this.roles = configuration.get(Settings.ROLES);
  }

  /**
   * Runs until it is told to stop, then ends the process.
   *
   * @param out where the block of URLs and keys goes once all is ready
   * @throws IOException saying what to do, if it cannot start
   */
  public static void run(Configuration configuration, PrintWriter out) throws Exception {
    new Launch(configuration).run(out);
  }

  private void run(PrintWriter out) throws Exception {
    OwnerOnly.fromNowOn();
    directory.prepare();
    if (roles.contains(Role.COLLECT)) {
      stoppables.add("data directory lock", lockDirectory());
    }
    LogSetup.toFileAndConsole(
        directory.logs(),
        roles.contains(Role.COLLECT) ? Role.COLLECT.label() : "supervisor",
        configuration.get(Settings.LOG_LEVEL));
    Room.await(directory);
    awaitPredecessors();
    checkPorts();
    TlsSettings.check(configuration);
    Termination termination = new Termination(stoppables);
    try {
      startRoles();
      new Announcement(configuration, directory, children, Terminal.readsOutput()).whenReady(out);
      makeStartupCache();
    } catch (Exception | Error e) {
      if (!termination.isUnderWay()) {
        LOG.error("cannot start", e);
      }
      termination.end(1);
    }
    termination.forever();
  }

  private HeldLock lockDirectory() throws IOException {
    return HeldLock.tryAcquire(directory.lock()).orElseThrow(() -> inUse(directory.lock()));
  }

  /** Roles of a start before this one may still be on their way out, or run under another one. */
  private void awaitPredecessors() throws IOException, InterruptedException {
    for (Role role : roles) {
      try (HeldLock free = lock(role)) {
        LOG.debug("{} is free: {}", role.label(), free);
      } catch (HeldLock.LockedException e) {
        throw new IOException(
            role.label() + " runs already: " + e.getMessage() + "; stop that one first", e);
      }
    }
  }

  private HeldLock lock(Role role) throws IOException, InterruptedException {
    return HeldLock.acquire(
        directory.roleLock(role),
        configuration.get(Settings.TAKEOVER_WAIT),
        pid -> LOG.info("waiting for process {}, which still runs {}", pid, role.label()));
  }

  private IOException inUse(java.nio.file.Path lock) {
    return new IOException(
        "the data directory "
            + directory.root()
            + " is in use by process "
            + HeldLock.holder(lock)
            + ": stop that one first, or give another --data DIR");
  }

  private void checkPorts() throws IOException {
    if (roles.contains(Role.COLLECT)) {
      checkPort(Settings.COLLECT_HOST, Settings.COLLECT_PORT, "--port");
    }
    if (roles.contains(Role.ENGINE)) {
      checkPort(Settings.API_HOST, Settings.API_PORT, "--api-port");
      if (configuration.get(Settings.API_POSTGRES_PORT) != 0) {
        checkPort(Settings.API_HOST, Settings.API_POSTGRES_PORT, "api.postgres_port");
      }
    }
  }

  private void checkPort(Setting<String> host, Setting<Integer> port, String option)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(configuration.get(host), configuration.get(port));
    if (address.isUnresolved()) {
      throw new IOException(host.key() + ": there is no host " + address.getHostString());
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      String text =
          "cannot listen on %s port %d (%s): stop what uses it, or give another %s or address";
      throw new IOException(
          String.format(text, address.getHostString(), address.getPort(), e.getMessage(), option),
          e);
    }
  }

  /**
   * The collector starts first, so that it takes events while the others still start, and stops
   * first, so that the engine can take in what it stored last.
   */
  private void startRoles() throws Exception {
    PrivateFile.publish(
        directory.settings(), configuration.toYaml().getBytes(StandardCharsets.UTF_8));
    RoleContext context = RoleContext.create(Role.COLLECT, configuration, directory, stoppables);
    if (roles.contains(Role.COLLECT)) {
      stoppables.add("collector lock", lock(Role.COLLECT));
      FirstKeys.publish(configuration, directory);
      Collector started = CollectRole.start(context);
      collector = started;
      context.startAndPublish(ignored -> new RoleContext.Running(started.port(), this::status));
      startChildren(context);
      stoppables.add("collector", CollectRole.door(started));
    } else {
      startChildren(context);
    }
    // Ctrl-C reaches the children too: none of them is to be started again
    stoppables.add("restarts", () -> children.forEach(SupervisedRole::letGo));
  }

  /** For the next start, while this one has nothing else to wait for. */
  private void makeStartupCache() {
    StartupCache.named()
        .filter(cache -> !cache.exists() && roles.equals(Set.of(Role.values())))
        .ifPresent(cache -> stoppables.add("start-up cache", CacheMaker.start(cache)));
  }

  private void startChildren(RoleContext context) {
    if (roles.contains(Role.QUERY)) {
      long limit = configuration.get(Settings.QUERY_PROCESS_LIMIT);
      supervise(context, Role.QUERY, limit, QUERY_STOP);
    }
    if (roles.contains(Role.ENGINE)) {
      supervise(context, Role.ENGINE, 0, ENGINE_STOP);
    }
  }

  private void supervise(RoleContext context, Role role, long limit, Duration stopGrace) {
    SupervisedRole child =
        new SupervisedRole(
            role,
            () -> ChildCommand.of(role, configuration, directory),
            limit,
            stopGrace,
            System::nanoTime,
            context.metrics());
    children.add(stoppables.add(role.label(), child));
  }

  private String status() {
    ObjectNode status = JSON.createObjectNode();
    ArrayNode list = status.putArray("roles");
    ObjectNode own =
        list.addObject()
            .put("role", Role.COLLECT.label())
            .put("up", true)
            .put("pid", ProcessHandle.current().pid())
            .put("restarts", 0)
            .put("last_end", "");
    Collector running = collector;
    if (running != null) {
      running.problem().ifPresent(problem -> own.put("problem", problem));
    }
    for (SupervisedRole child : children) {
      SupervisedRole.State state = child.state();
      list.addObject()
          .put("role", state.role().label())
          .put("up", state.pid() != 0)
          .put("pid", state.pid())
          .put("restarts", state.restarts())
          .put("last_end", state.lastEnd())
          .put("recent_ends", state.recentEnds());
    }
    return status.toString();
  }
}
