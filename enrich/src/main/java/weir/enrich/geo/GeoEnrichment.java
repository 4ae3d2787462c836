package weir.enrich.geo;

import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;

/** Where the person's address is. An event for which a server speaks has none of its own. */
public final class GeoEnrichment implements Enrichment {
  private final GeoFiles files;

  public GeoEnrichment(GeoFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "geo";
  }

  @Override
  public String description() {
    return "country, and region, city, latitude, asn by your own databases, from the ip";
  }

  @Override
  public Verdict enrich(Draft event) {
    String address = event.text(EventColumn.IP);
    if (address == null || !event.sender().ownAddress()) {
      return Verdict.PASS;
    }
    GeoFacts facts = files.of(address);
    event.fill(EventColumn.ASN, facts.asn());
    boolean known =
        event.has(EventColumn.COUNTRY)
            || event.has(EventColumn.CITY)
            || event.has(EventColumn.LATITUDE);
    if (!known) { // what the client says of a place, and what a database does, are not mixed
      event.fill(EventColumn.COUNTRY, facts.country());
      event.fill(EventColumn.REGION, facts.region());
      event.fill(EventColumn.CITY, facts.city());
      event.fill(EventColumn.LATITUDE, facts.latitude());
      event.fill(EventColumn.LONGITUDE, facts.longitude());
    }
    return Verdict.PASS;
  }
}
