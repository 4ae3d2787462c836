package weir.server.roles;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.HeldLock;
import weir.directory.OwnerOnly;
import weir.directory.Role;
import weir.server.logging.LogSetup;

/** A supervised process that runs one role. */
public final class RoleProcess {
  private static final Logger LOG = LoggerFactory.getLogger(RoleProcess.class);

  private RoleProcess() {}

  /**
   * Runs a role in this process until it is told to stop; ends the process. Standard input is the
   * pipe of a supervisor, at whose end this process ends too.
   */
  public static void run(Role role, Configuration configuration) throws Exception {
    DataDirectory directory = new DataDirectory(configuration.get(Settings.DATA));
    OwnerOnly.fromNowOn();
    directory.prepare();
    LogSetup.toFileAndConsole(
        directory.logs(), role.label(), configuration.get(Settings.LOG_LEVEL));
    Stoppables stoppables = new Stoppables();
    Termination termination = new Termination(stoppables);
    Thread.setDefaultUncaughtExceptionHandler(
        onUncaught(() -> {
          stoppables.hurry();
          Thread.ofPlatform().name("thread-failed").start(() -> termination.end(1));
        }));
    ParentWatch.start(System.in, () -> termination.end(0), stoppables::hurry);
    try {
      stoppables.add("lock", lock(role, configuration, directory));
      RoleContext context = RoleContext.create(role, configuration, directory, stoppables);
      context.startAndPublish(starter(role, termination));
      LOG.info("{} is up", role.label());
    } catch (Exception | Error e) {
      if (!termination.isUnderWay()) {
        LOG.error("{} cannot start", role.label(), e);
      }
      termination.end(1);
    }
    termination.forever();
  }

  /**
   * What becomes of a thread's end that nobody expected. After an error, such as native code that
   * does not load, a process is not whole any more: started again, it goes on from what is durable.
   */
  static Thread.UncaughtExceptionHandler onUncaught(Runnable endProcess) {
    return (thread, failure) -> {
      LOG.error("the thread {} has failed", thread.getName(), failure);
      if (failure instanceof Error) {
        endProcess.run();
      }
    };
  }

  private static HeldLock lock(Role role, Configuration configuration, DataDirectory directory)
      throws Exception {
    return HeldLock.acquire(
        directory.roleLock(role),
        configuration.get(Settings.TAKEOVER_WAIT),
        pid -> LOG.info("waiting for process {}, which still runs {}", pid, role.label()));
  }

  private static RoleContext.Starter starter(Role role, Termination termination) {
    return switch (role) {
      case COLLECT -> throw new IllegalArgumentException("the supervisor runs the collector");
      case ENGINE ->
          context ->
              EngineRole.start(context, EngineRole.statements(context), () -> termination.end(1));
      case QUERY -> context -> QueryRole.start(context);
    };
  }
}
