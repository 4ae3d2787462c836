package weir.server.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import weir.config.Configuration;
import weir.config.ConfigurationException;
import weir.config.ConfigurationLoader;
import weir.config.Setting;
import weir.config.Settings;

/** The options that stand for settings. */
final class SettingsOptions {
  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
  @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that holds everything that is kept (default: data).")
  @Nullable String data;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on, collector and API (default: 127.0.0.1).")
  @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the collector (default: 8080).")
  @Nullable String port;

  @Option(
      names = "--api-port",
      paramLabel = "PORT",
      description = "Port of the API (default: 8090).")
  @Nullable String apiPort;

  @Option(
      names = "--roles",
      paramLabel = "ROLES",
      description = "Which of collect,engine,query to run (default: all).")
  @Nullable String roles;

  /** Defaults, file, environment and these options, the later over the earlier. */
  Configuration load() throws ConfigurationException {
    Map<String, ConfigurationLoader.Option> given = new LinkedHashMap<>();
    put(given, "--data", Settings.DATA, data);
    put(given, "--host", Settings.COLLECT_HOST, host);
    put(given, "--host for the API", Settings.API_HOST, host);
    put(given, "--port", Settings.COLLECT_PORT, port);
    put(given, "--api-port", Settings.API_PORT, apiPort);
    put(given, "--roles", Settings.ROLES, roles);
    return ConfigurationLoader.load(config, System.getenv(), given);
  }

  private static void put(
      Map<String, ConfigurationLoader.Option> given,
      String option,
      Setting<?> setting,
      @Nullable String text) {
    if (text != null) {
      given.put(option, new ConfigurationLoader.Option(setting, text));
    }
  }
}
