package weir.server.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import weir.config.Configuration;
import weir.config.ConfigurationException;
import weir.config.ConfigurationLoader;
import weir.config.Settings;

/** Which data directory a command works on. */
final class DataOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "The data directory (default: data).")
  @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with settings, which may name the folder.")
  @Nullable Path config;

  boolean isNamed() {
    return data != null;
  }

  Configuration load() throws ConfigurationException {
    Map<String, ConfigurationLoader.Option> given =
        data == null
            ? Map.of()
            : Map.of("--data", new ConfigurationLoader.Option(Settings.DATA, data));
    return ConfigurationLoader.load(config, System.getenv(), given);
  }
}
