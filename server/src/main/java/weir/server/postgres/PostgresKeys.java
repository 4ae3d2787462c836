package weir.server.postgres;

import java.util.List;
import java.util.Optional;
import weir.server.metadata.ScramVerifier;

/** The API keys, which are the passwords. All may block. */
public interface PostgresKeys {
  /** Verifiers of a project's keys that are not revoked; empty where one has none yet. */
  List<Optional<ScramVerifier>> verifiers(String project);

  /** The project that an API key opens. */
  Optional<String> projectOf(String apiKey);
}
