package weir.enrich.geo;

import org.jspecify.annotations.Nullable;

/**
 * Where an address is.
 *
 * @param country ISO 3166-1 alpha-2
 * @param region name of the first subdivision
 * @param asn number of the autonomous system
 */
record GeoFacts(
    @Nullable String country,
    @Nullable String region,
    @Nullable String city,
    @Nullable Double latitude,
    @Nullable Double longitude,
    @Nullable Long asn) {
  static final GeoFacts NOTHING = new GeoFacts(null, null, null, null, null, null);

  /** These, and the other's where they say nothing. */
  GeoFacts or(GeoFacts other) {
    boolean place = latitude != null && longitude != null;
    return new GeoFacts(
        country == null ? other.country : country,
        region == null ? other.region : region,
        city == null ? other.city : city,
        place ? latitude : other.latitude,
        place ? longitude : other.longitude,
        asn == null ? other.asn : asn);
  }
}
