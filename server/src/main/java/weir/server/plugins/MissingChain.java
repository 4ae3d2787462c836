package weir.server.plugins;

import java.util.Collections;
import java.util.List;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;

/** The plug-ins of a project of which one is not there: each event is set aside. */
record MissingChain(String plugin, String why, PluginCounts counts) implements PluginChain {
  @Override
  public List<PluginResult> apply(List<PluginEvent> events, long bytes) {
    events.forEach(each -> counts.quarantine());
    return Collections.nCopies(events.size(), new PluginResult.Failed("plugin_missing", why));
  }
}
