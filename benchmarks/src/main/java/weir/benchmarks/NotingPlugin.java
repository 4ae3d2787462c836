package weir.benchmarks;

import weir.plugin.Enrichment;
import weir.plugin.Event;

/** About the least that a plug-in does: it adds a property. */
public final class NotingPlugin implements Enrichment {
  @Override
  public String name() {
    return "noting";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public String description() {
    return "Adds a property.";
  }

  @Override
  public void enrich(Event event) {
    event.setProperty("noted", true);
  }
}
