package weir.server.plugins;

import java.util.List;

/**
 * What there is of plug-ins, and how those are that projects use.
 *
 * @param folder of the jars
 */
public record PluginReport(String folder, List<Jar> jars, List<Used> used) {
  /**
   * A jar.
   *
   * @param problem empty if there is none
   */
  public record Jar(String file, List<Known> plugins, String problem) {}

  /** A plug-in. */
  public record Known(String name, String version, String description) {}

  /**
   * A project's use of a plug-in.
   *
   * @param version empty where it is missing
   * @param state running, suspended or missing
   * @param why it is not running
   * @param in events that came to it since the engine's start; the other counts likewise
   * @param micros of an event, on the whole
   * @param restarts of the project's process
   */
  public record Used(
      String project,
      String name,
      String version,
      String settings,
      String state,
      String why,
      long in,
      long made,
      long dropped,
      long quarantined,
      double micros,
      long restarts) {}
}
