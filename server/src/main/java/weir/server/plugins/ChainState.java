package weir.server.plugins;

import java.time.Instant;

/**
 * How the plug-ins of a project are.
 *
 * @param resting whether events are set aside without them
 * @param plugin the one that has brought that about, or -1
 * @param reason as bad events bear it
 * @param why in words
 * @param since when they rest
 */
record ChainState(boolean resting, int plugin, String reason, String why, Instant since) {
  static final ChainState RUNNING = new ChainState(false, -1, "", "", Instant.EPOCH);
}
