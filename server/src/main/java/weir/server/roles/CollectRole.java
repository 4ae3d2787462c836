package weir.server.roles;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import weir.collect.Collector;
import weir.collect.CollectorOptions;
import weir.collect.KeyFile;
import weir.collect.KeyUsage;
import weir.config.Configuration;
import weir.config.Settings;
import weir.decode.Decoder;
import weir.decode.Decoders;
import weir.decode.WebhookDecoder;
import weir.log.EventLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.files.Files;

/** The HTTP front door and the raw log. */
final class CollectRole {
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private CollectRole() {}

  /**
   * Starts it and leaves it to its caller to stop the collector, before the role's other parts.
   *
   * @throws IOException if the raw log or the port cannot be had
   */
  static Collector start(RoleContext context) throws IOException {
    Configuration settings = context.configuration();
    int eventLimit = Math.toIntExact(settings.get(Settings.COLLECT_EVENT_LIMIT));
    EventLog raw =
        context
            .stoppables()
            .add(
                "raw log",
                EmbeddedLog.writer(
                    Files.system(),
                    context.directory().raw(),
                    LogSettings.raw(settings),
                    InstantSource.system()));
    KeyFile keys = context.stoppables().add("key file", KeyFile.watch(context.directory().keys()));
    KeyUsage usage =
        context
            .stoppables()
            .add(
                "key usage", KeyUsage.open(context.directory().keyUsage(), InstantSource.system()));
    List<Decoder> decoders = new ArrayList<>(Decoders.all(eventLimit));
    decoders.add(WebhookDecoder.atDoor(eventLimit));
    return Collector.start(
        options(settings),
        List.of(raw),
        keys,
        usage,
        decoders,
        TrackerFiles.paths(settings),
        InstantSource.system(),
        context.metrics());
  }

  /** Stops a collector once it has answered what is under way. */
  static AutoCloseable door(Collector collector) {
    return () -> collector.drainAndStop(DRAIN);
  }

  private static CollectorOptions options(Configuration settings) {
    return new CollectorOptions(
        settings.get(Settings.COLLECT_HOST),
        settings.get(Settings.COLLECT_PORT),
        Math.max(2, Runtime.getRuntime().availableProcessors()),
        Math.toIntExact(settings.get(Settings.COLLECT_REQUEST_LIMIT)),
        Math.toIntExact(settings.get(Settings.COLLECT_DECODED_LIMIT)),
        settings.get(Settings.COLLECT_IN_FLIGHT_LIMIT),
        settings.get(Settings.COLLECT_CONNECTIONS),
        settings.get(Settings.COLLECT_BODY_TIMEOUT),
        settings.get(Settings.COLLECT_IDLE_TIMEOUT),
        settings.get(Settings.COLLECT_TRUSTED_PROXIES),
        TlsSettings.collect(settings));
  }
}
