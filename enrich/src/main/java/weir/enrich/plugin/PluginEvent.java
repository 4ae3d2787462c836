package weir.enrich.plugin;

import java.util.Map;
import weir.event.EventColumn;

/**
 * An event as plug-ins get and give it.
 *
 * @param columns values of the columns' classes; not to be changed
 * @param properties Boolean, Double, String or JSON by name; not to be changed
 * @param source of its write key
 * @param receivedAt in microseconds
 */
public record PluginEvent(
    Map<EventColumn, Object> columns,
    Map<String, Object> properties,
    String source,
    long receivedAt) {}
