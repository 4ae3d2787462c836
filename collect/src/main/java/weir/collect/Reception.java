package weir.collect;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import weir.decode.Decoder;

/**
 * What all event loops share.
 *
 * @param routes by normalized path
 * @param webhooks paths that services send to
 * @param site what is at other paths
 * @param admission by the rules of write keys
 * @param largeBodies where bodies are read that would hold up an event loop
 */
record Reception(
    CollectorOptions options,
    Supplier<KeyRing> keys,
    Map<String, Decoder> routes,
    WebhookCalls webhooks,
    SitePaths site,
    RawLogs rawLogs,
    InstantSource clock,
    InFlight inFlight,
    Admission admission,
    CollectMetrics metrics,
    Executor largeBodies) {}
