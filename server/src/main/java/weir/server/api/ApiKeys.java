package weir.server.api;

import java.util.Optional;

/** Knows which project an API key opens. May block. */
public interface ApiKeys {
  Optional<String> projectOf(String apiKey);
}
