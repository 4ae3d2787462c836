package weir.enrich.channel;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.enrich.page.Campaign;
import weir.enrich.page.PageFacts;
import weir.event.EventColumn;

/**
 * Where a visit came from: what the campaign says, else the click id, else the referrer. A click id
 * also says that a visit was bought, where the campaign names a source without a medium. A page
 * that was reached from its own site says nothing, and neither does an event without a page.
 */
public final class ChannelEnrichment implements Enrichment {
  private static final int LONGEST = 256;

  private final PageFacts.Known pages;
  private final Channels channels;

  public ChannelEnrichment(PageFacts.Known pages, Channels channels) {
    this.pages = pages;
    this.channels = channels;
  }

  @Override
  public String name() {
    return "channel";
  }

  @Override
  public String description() {
    return "channel: GA4's default groups, from campaign, click id and referrer";
  }

  @Override
  public Verdict enrich(Draft event) {
    if (!event.has(EventColumn.CHANNEL)) {
      Visit visit = visit(event);
      if (visit != null) {
        event.set(EventColumn.CHANNEL, channels.of(visit));
      }
    }
    return Verdict.PASS;
  }

  private @Nullable Visit visit(Draft event) {
    String source = event.text(EventColumn.UTM_SOURCE);
    String medium = event.text(EventColumn.UTM_MEDIUM);
    String campaign = folded(event.text(EventColumn.UTM_CAMPAIGN));
    String address = event.text(EventColumn.PAGE_URL);
    PageFacts page = address == null ? null : pages.of(address);
    Campaign clicked = page == null || page.campaign().network() == null ? null : page.campaign();
    String bought = clicked != null && clicked.isPaid() ? "cpc" : "";
    if (source != null || medium != null) {
      return new Visit(folded(source), medium == null ? bought : folded(medium), campaign);
    }
    if (clicked != null) {
      return new Visit(Objects.requireNonNull(clicked.network()), bought, campaign);
    }
    String before = rooted(event.text(EventColumn.REFERRER_HOST));
    if (before != null) {
      return referred(before, rooted(event.text(EventColumn.PAGE_HOST)), campaign);
    }
    if (!campaign.isEmpty()) {
      return new Visit("", "", campaign);
    }
    return address != null && !event.has(EventColumn.REFERRER) ? Visit.DIRECT : null;
  }

  /** A host without the dot of the root, with which it is the same host. */
  private static @Nullable String rooted(@Nullable String host) {
    return host != null && host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static @Nullable Visit referred(String before, @Nullable String here, String campaign) {
    if (here != null && RegistrableDomain.isShared(before, here)) {
      return null;
    }
    Sources.Site site = Channels.site(before);
    if (site == null || site.category().isEmpty()) {
      String host = before.startsWith("www.") ? before.substring(4) : before;
      return new Visit(host, "referral", campaign);
    }
    return new Visit(
        site.name(), site.category().equals("search") ? "organic" : "referral", campaign);
  }

  private static String folded(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String bounded = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    return bounded.strip().toLowerCase(Locale.ROOT);
  }
}
