package weir.metadata;

import java.util.Optional;

/** A key to be made. */
public sealed interface NewKey {
  /**
   * One that events are sent with; they bear its source.
   *
   * @param rules what the collector asks of requests with it, as JSON; empty for nothing
   */
  record Write(String source, Optional<String> rules) implements NewKey {
    public Write(String source) {
      this(source, Optional.empty());
    }
  }

  /** One that is asked with. */
  record Api(String name, KeyScope scope, boolean installation, Optional<KeyLimit> limit)
      implements NewKey {
    public Api {
      if (scope == KeyScope.WRITE) {
        throw new IllegalArgumentException("an API key reads or administers");
      }
      if (limit.isPresent() && (installation || scope != KeyScope.READ)) {
        throw new IllegalArgumentException(
            "a key with a limit has the scope read, and is of one project");
      }
    }
  }
}
