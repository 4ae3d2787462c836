package weir.enrich.page;

import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;

/** The parts of a page's address and of its referrer, and the campaign that the address names. */
public final class PageEnrichment implements Enrichment {
  private final PageFacts.Known pages;

  public PageEnrichment(PageFacts.Known pages) {
    this.pages = pages;
  }

  @Override
  public String name() {
    return "page";
  }

  @Override
  public String description() {
    return "page_host, page_path, referrer_host; utm_*, click_id from the page's address";
  }

  @Override
  public Verdict enrich(Draft event) {
    String address = event.text(EventColumn.PAGE_URL);
    PageFacts page = address == null ? null : pages.of(address);
    if (page != null) {
      event.fill(EventColumn.PAGE_HOST, page.url().host());
      if (!page.url().path().isEmpty()) {
        event.fill(EventColumn.PAGE_PATH, page.url().path());
      }
      if (!page.campaign().columns().isEmpty()) {
        page.campaign().columns().forEach(event::fill);
      }
    }
    String referrer = event.text(EventColumn.REFERRER);
    PageFacts before = referrer == null ? null : pages.of(referrer);
    if (before != null) {
      event.fill(EventColumn.REFERRER_HOST, before.url().host());
    }
    return Verdict.PASS;
  }
}
