package weir.enrich.settings;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.enrich.agent.BotEnrichment;
import weir.enrich.channel.ChannelRule;
import weir.enrich.geo.AddressEnrichment;
import weir.enrich.plugin.PluginUse;
import weir.event.Network;

/**
 * What a project wants of its enrichments. Immutable.
 *
 * @param off names of those that it does not want
 * @param bots what becomes of crawlers' events
 * @param ip what is kept of addresses
 * @param internalNetworks the owner's own
 * @param dropsInternal whether events from there are left out instead of marked
 * @param currency the project's own, three letters in upper case
 * @param channels rows before those of the default table
 * @param plugins those that it uses, in the order in which events pass them
 */
public record EnrichmentSettings(
    Set<String> off,
    BotEnrichment.Policy bots,
    AddressEnrichment.Policy ip,
    List<Network> internalNetworks,
    boolean dropsInternal,
    Optional<String> currency,
    List<ChannelRule> channels,
    List<PluginUse> plugins) {
  /** All on; bots are flagged, addresses kept. */
  public static final EnrichmentSettings DEFAULTS =
      new EnrichmentSettings(
          Set.of(),
          BotEnrichment.Policy.FLAG,
          AddressEnrichment.Policy.KEEP,
          List.of(),
          false,
          Optional.empty(),
          List.of(),
          List.of());

  public EnrichmentSettings {
    off = Set.copyOf(off);
    internalNetworks = List.copyOf(internalNetworks);
    channels = List.copyOf(channels);
    plugins = List.copyOf(plugins);
  }

  public boolean isOn(String enrichment) {
    return !off.contains(enrichment);
  }
}
