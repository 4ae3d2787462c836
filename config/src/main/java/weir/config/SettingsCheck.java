package weir.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What settings must hold together. */
final class SettingsCheck {
  private SettingsCheck() {}

  /** Reports what does not hold. */
  static void check(Configuration configuration, BiConsumer<Setting<?>, String> fault) {
    int collect = configuration.get(Settings.COLLECT_PORT);
    if (collect != 0 && collect == configuration.get(Settings.API_PORT)) {
      fault.accept(
          Settings.API_PORT, "must differ from collect.port, which is " + collect + " too");
    }
    int postgres = configuration.get(Settings.API_POSTGRES_PORT);
    if (postgres != 0
        && (postgres == collect || postgres == configuration.get(Settings.API_PORT))) {
      fault.accept(Settings.API_POSTGRES_PORT, "must differ from collect.port and api.port");
    }
    if (configuration
        .get(Settings.COLLECT_EVENTS_PATH)
        .equals(Optional.of(configuration.get(Settings.COLLECT_TRACKER_PATH)))) {
      fault.accept(Settings.COLLECT_EVENTS_PATH, "must differ from collect.tracker_path");
    }
    checkPair(configuration, Settings.COLLECT_TLS_CERTIFICATE, Settings.COLLECT_TLS_KEY, fault);
    checkPair(configuration, Settings.API_TLS_CERTIFICATE, Settings.API_TLS_KEY, fault);
    if (configuration.get(Settings.COLLECT_EVENT_LIMIT)
        > configuration.get(Settings.COLLECT_REQUEST_LIMIT)) {
      fault.accept(Settings.COLLECT_EVENT_LIMIT, "must not exceed collect.request_limit");
    }
    if (configuration.get(Settings.COLLECT_REQUEST_LIMIT)
        > configuration.get(Settings.COLLECT_DECODED_LIMIT)) {
      fault.accept(Settings.COLLECT_DECODED_LIMIT, "must not be less than collect.request_limit");
    }
    if (configuration.get(Settings.COLLECT_DECODED_LIMIT)
        > configuration.get(Settings.ENGINE_HEAP) / 4) {
      fault.accept(Settings.ENGINE_HEAP, "must be at least four times collect.decoded_limit");
    }
    if (configuration.get(Settings.COLLECT_DECODED_LIMIT)
        > configuration.get(Settings.COLLECT_IN_FLIGHT_LIMIT)) {
      fault.accept(Settings.COLLECT_IN_FLIGHT_LIMIT, "must not be less than collect.decoded_limit");
    }
    if (configuration
            .get(Settings.QUERY_TIMEOUT)
            .compareTo(configuration.get(Settings.QUERY_MAX_TIMEOUT))
        > 0) {
      fault.accept(Settings.QUERY_TIMEOUT, "must not exceed query.max_timeout");
    }
    if (2 * configuration.get(Settings.QUERY_TAIL_LIMIT) > configuration.get(Settings.QUERY_HEAP)) {
      fault.accept(Settings.QUERY_TAIL_LIMIT, "must not exceed half of query.heap");
    }
    if (configuration.get(Settings.QUERY_TAIL_LIMIT)
        < configuration.get(Settings.LAKE_PENDING_LIMIT) / 4 * 5) {
      fault.accept(
          Settings.QUERY_TAIL_LIMIT,
          "must be a quarter larger than lake.pending_limit, which is what awaits the lake");
    }
    checkLake(configuration, fault);
    if (configuration.get(Settings.QUERY_HEAP) > configuration.get(Settings.QUERY_PROCESS_LIMIT)) {
      fault.accept(Settings.QUERY_HEAP, "must not exceed query.process_limit");
    }
  }

  private static void checkLake(Configuration configuration, BiConsumer<Setting<?>, String> fault) {
    Duration quiet = configuration.get(Settings.LAKE_QUIET_COMMIT_INTERVAL);
    if (quiet.compareTo(configuration.get(Settings.LAKE_COMMIT_INTERVAL)) < 0) {
      fault.accept(
          Settings.LAKE_QUIET_COMMIT_INTERVAL, "must not be less than lake.commit_interval");
    }
    Duration age = configuration.get(Settings.LAKE_SNAPSHOT_AGE);
    if (age.compareTo(configuration.get(Settings.QUERY_MAX_TIMEOUT)) <= 0) {
      fault.accept(
          Settings.LAKE_SNAPSHOT_AGE,
          "must exceed query.max_timeout, since it keeps the files of running queries");
    }
    if (configuration.get(Settings.LAKE_HELD_LOG) > configuration.get(Settings.CLEAN_LIMIT) / 2) {
      fault.accept(Settings.LAKE_HELD_LOG, "must not exceed half of log.clean_limit");
    }
    if (configuration.get(Settings.TAPS_HELD_LOG) > configuration.get(Settings.CLEAN_LIMIT) / 4) {
      fault.accept(Settings.TAPS_HELD_LOG, "must not exceed a quarter of log.clean_limit");
    }
  }

  private static void checkPair(
      Configuration configuration,
      Setting<Optional<Path>> certificate,
      Setting<Optional<Path>> key,
      BiConsumer<Setting<?>, String> fault) {
    if (configuration.get(certificate).isPresent() && configuration.get(key).isEmpty()) {
      fault.accept(certificate, "needs " + key.key() + " too");
    } else if (configuration.get(key).isPresent() && configuration.get(certificate).isEmpty()) {
      fault.accept(key, "needs " + certificate.key() + " too");
    }
  }
}
