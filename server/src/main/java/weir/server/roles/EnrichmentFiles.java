package weir.server.roles;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import weir.config.Configuration;
import weir.config.Settings;
import weir.enrich.geo.GeoFiles;
import weir.enrich.money.RatesFile;
import weir.enrich.settings.StandardEnrichments;
import weir.server.plugins.PluginOptions;
import weir.server.plugins.Plugins;

/** The files that enrichments read, as the settings name them. */
final class EnrichmentFiles {
  private EnrichmentFiles() {}

  static StandardEnrichments enrichments(RoleContext context) throws IOException {
    Configuration settings = context.configuration();
    Path folder = Folders.emptied(context.directory().places());
    GeoFiles places =
        new GeoFiles(
            Stream.of(Settings.ENRICH_PLACES, Settings.ENRICH_NETWORKS)
                .map(settings::get)
                .flatMap(Optional::stream)
                .toList(),
            folder);
    RatesFile rates = new RatesFile(settings.get(Settings.ENRICH_RATES));
    return new StandardEnrichments(places, rates, System::nanoTime, context.metrics());
  }

  /** Users' own. */
  static Plugins plugins(RoleContext context) throws IOException {
    PluginOptions options = PluginSettings.of(context.configuration(), context.directory());
    Folders.emptied(options.copies());
    return Plugins.start(options, InstantSource.system(), System::nanoTime, context.metrics());
  }
}
