package weir.server.live;

import java.util.Optional;

/**
 * Where the collector has the tracker for web pages.
 *
 * @param path of the script of the day
 * @param versionPath of this build alone, whose content never changes
 * @param integrity of both, as a script tag states it
 * @param eventsPath where the tracker is told to send to; empty for where it does so by itself
 */
public record Tracker(
    String path, String versionPath, String integrity, Optional<String> eventsPath) {}
