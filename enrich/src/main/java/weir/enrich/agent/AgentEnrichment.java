package weir.enrich.agent;

import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;

/** Browser, system and device, from the user agent. */
public final class AgentEnrichment implements Enrichment {
  private final UserAgents agents;

  public AgentEnrichment(UserAgents agents) {
    this.agents = agents;
  }

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public String description() {
    return "browser, os, device_model and device_type, from the user agent";
  }

  @Override
  public Verdict enrich(Draft event) {
    String agent = event.sender().userAgent();
    if (agent != null) {
      AgentFacts facts = agents.of(agent);
      if (!event.has(EventColumn.BROWSER)) {
        event.fill(EventColumn.BROWSER, facts.browser());
        event.fill(EventColumn.BROWSER_VERSION, facts.browserVersion());
      }
      if (!event.has(EventColumn.OS)) {
        event.fill(EventColumn.OS, facts.os());
        event.fill(EventColumn.OS_VERSION, facts.osVersion());
      }
      event.fill(EventColumn.DEVICE_MODEL, facts.deviceModel());
      event.fill(EventColumn.DEVICE_TYPE, facts.deviceType());
    }
    return Verdict.PASS;
  }
}
