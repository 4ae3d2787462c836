package weir.enrich.geo;

import java.net.InetAddress;
import java.util.List;
import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;
import weir.event.Network;

/** Marks, or leaves out, what comes from the owner's own networks. */
public final class InternalEnrichment implements Enrichment {
  /** The property that says so, and what it says then; named as GA4 names it. */
  private static final String PROPERTY = "traffic_type";

  private static final String INTERNAL = "internal";
  private static final Verdict DROP = new Verdict.Drop("internal_traffic");

  private final List<Network> networks;
  private final boolean drops;

  /**
   * @param drops whether events from there are left out instead of marked
   */
  public InternalEnrichment(List<Network> networks, boolean drops) {
    this.networks = List.copyOf(networks);
    this.drops = drops;
  }

  @Override
  public String name() {
    return "internal";
  }

  @Override
  public String description() {
    return "traffic_type = internal, or no event, where the ip is in your networks";
  }

  @Override
  public Verdict enrich(Draft event) {
    String text = networks.isEmpty() ? null : event.text(EventColumn.IP);
    InetAddress address = text == null ? null : Network.address(text);
    if (address == null) {
      return Verdict.PASS;
    }
    for (Network network : networks) {
      if (network.contains(address)) {
        if (drops) {
          return DROP;
        }
        event.properties().putIfAbsent(PROPERTY, INTERNAL);
        return Verdict.PASS;
      }
    }
    return Verdict.PASS;
  }
}
