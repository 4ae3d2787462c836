package weir.enrich.agent;

import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;

/** Whether a program sent the event that nobody sits at, and what becomes of it then. */
public final class BotEnrichment implements Enrichment {
  private static final Verdict DROP = new Verdict.Drop("bot");
  private static final Verdict QUARANTINE =
      new Verdict.Quarantine(
          "bot", "its user agent is that of a crawler; the project quarantines these");

  private final UserAgents agents;
  private final Policy policy;

  /** What becomes of a crawler's events. */
  public enum Policy {
    FLAG,
    DROP,
    QUARANTINE
  }

  public BotEnrichment(UserAgents agents, Policy policy) {
    this.agents = agents;
    this.policy = policy;
  }

  @Override
  public String name() {
    return "bots";
  }

  @Override
  public String description() {
    return "is_bot, from the user agent; crawlers are flagged, dropped or quarantined";
  }

  @Override
  public Verdict enrich(Draft event) {
    String agent = event.sender().userAgent();
    if (agent == null) {
      return Verdict.PASS;
    }
    boolean bot = agents.of(agent).bot();
    event.fill(EventColumn.IS_BOT, bot);
    if (!bot) {
      return Verdict.PASS;
    }
    return switch (policy) {
      case FLAG -> Verdict.PASS;
      case DROP -> DROP;
      case QUARANTINE -> QUARANTINE;
    };
  }
}
