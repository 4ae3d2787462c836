package weir.metadata;

import java.util.Optional;

/**
 * A key that events are sent with.
 *
 * @param source the name that events sent with it bear
 * @param rules what the collector asks of requests with it, as JSON; empty for nothing
 */
public record WriteKey(String key, String project, String source, Optional<String> rules) {
  public WriteKey(String key, String project, String source) {
    this(key, project, source, Optional.empty());
  }
}
