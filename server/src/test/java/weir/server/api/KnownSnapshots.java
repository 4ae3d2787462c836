package weir.server.api;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import weir.server.tables.Snapshots;

/** Snapshots of which one is known. */
final class KnownSnapshots implements Snapshots {
  @Override
  public String create(String project, byte[] request) {
    return project + " " + new String(request, StandardCharsets.UTF_8);
  }

  @Override
  public String list(String project, Optional<String> after, int limit) {
    return "{\"after\":\"" + after.orElse("") + "\",\"limit\":" + limit + "}";
  }

  @Override
  public Optional<String> describe(String project, String name) {
    return name.equals("known") ? Optional.of("{}") : Optional.empty();
  }

  @Override
  public boolean delete(String project, String name) {
    return name.equals("known");
  }
}
