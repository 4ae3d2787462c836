package weir.server.api;

import java.util.Optional;
import weir.event.RawPosition;

/** Events whose answers are known. */
final class KnownEvents implements LiveEvents {
  @Override
  public String collector() {
    return "http://127.0.0.1:8080";
  }

  @Override
  public String setup(String project) {
    return "{\"project\":\"" + project + "\"}";
  }

  @Override
  public String recent(String project, Optional<String> after, int limit) {
    return "{\"project\":\"%s\",\"after\":\"%s\",\"limit\":%d}"
        .formatted(project, after.orElse("-"), limit);
  }

  @Override
  public Sent sent(String project, RawPosition position) {
    return switch (position.index()) {
      case 0 -> new Sent.Held("{\"project\":\"" + project + "\"}");
      case 1 -> new Sent.Released();
      default -> new Sent.Unknown();
    };
  }
}
