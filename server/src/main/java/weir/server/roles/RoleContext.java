package weir.server.roles;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.function.Supplier;
import weir.server.config.Configuration;
import weir.server.config.Role;
import weir.server.directory.DataDirectory;
import weir.server.directory.RoleFile;
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

  /** Starts the role and then tells the others where it is. */
  Running startAndPublish(Starter starter) throws Exception {
    Running running = starter.start(this);
    publish(running);
    return running;
  }

  private void publish(Running running) throws IOException {
    ControlServer control =
        stoppables.add("control", ControlServer.start(token, metrics::scrape, running.status()));
    long pid = ProcessHandle.current().pid();
    new RoleFile(pid, running.port(), control.port(), token).publish(directory.roleFile(role));
  }
}
