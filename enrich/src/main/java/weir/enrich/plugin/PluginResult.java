package weir.enrich.plugin;

import java.util.List;

/** What plug-ins make of an event. */
public sealed interface PluginResult {
  /**
   * Events, at least one; the columns and properties are the taker's to check and to keep.
   *
   * @param events in the plug-ins' order
   */
  record Events(List<PluginEvent> events) implements PluginResult {}

  /**
   * None.
   *
   * @param plugin whose will that is
   */
  record Dropped(String plugin) implements PluginResult {}

  /**
   * They could not be run over it; it becomes a bad event.
   *
   * @param reason a stable code in lower snake case
   * @param message naming the plug-in, and how to mend it
   */
  record Failed(String reason, String message) implements PluginResult {}
}
