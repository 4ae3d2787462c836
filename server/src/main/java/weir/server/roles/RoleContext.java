package weir.server.roles;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import weir.config.Configuration;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.directory.RoleFile;
import weir.server.metrics.ProcessMetrics;

/**
 * What a role is started with.
 *
 * @param stoppables takes what is to be stopped, in the order of its start
 * @param token what other roles show to this one's loopback ports
 */
record RoleContext(
    Role role,
    Configuration configuration,
    DataDirectory directory,
    Stoppables stoppables,
    PrometheusMeterRegistry metrics,
    String token) {

  /**
   * A role that runs.
   *
   * @param port where it serves
   * @param status what it says of itself, as a JSON object
   */
  record Running(int port, Supplier<String> status) {}

  /** Starts a role. */
  interface Starter {
    Running start(RoleContext context) throws Exception;
  }

  static RoleContext create(
      Role role, Configuration configuration, DataDirectory directory, Stoppables stoppables) {
    return new RoleContext(
        role,
        configuration,
        directory,
        stoppables,
        ProcessMetrics.registry(directory.root()),
        RoleFile.newToken());
  }

  /**
   * Starts the role and then tells the others where it is. The role may give up the right to write
   * files for this thread and those that come after it; the role file is therefore written by a
   * thread from before.
   */
  Running startAndPublish(Starter starter) throws Exception {
    try (ExecutorService publisher =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("publish-" + role.label()).factory())) {
      publisher.submit(() -> {}).get();
      Running running = starter.start(this);
      ControlServer control =
          stoppables.add("control", ControlServer.start(token, metrics::scrape, running.status()));
      RoleFile file =
          new RoleFile(ProcessHandle.current().pid(), running.port(), control.port(), token);
      publisher
          .submit(() -> {
            file.publish(directory.roleFile(role));
            return null;
          })
          .get();
      return running;
    }
  }
}
