package weir.enrich.plugin;

import java.util.List;

/** The plug-ins of a project, in their order. Safe for use by several threads. */
public interface PluginChain {
  /**
   * Runs them over events. However they behave, it answers within bounded time, and throws nothing.
   *
   * @param events at least one
   * @param bytes about how many the results may take; what follows the event that reaches it is
   *     left out
   * @return results of the first events in order, at least of one
   */
  List<PluginResult> apply(List<PluginEvent> events, long bytes);
}
