package weir.server.api;

import io.vertx.core.http.HttpClientResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import weir.metadata.Asker;
import weir.metadata.KeyUses;

/**
 * The queries that run without a client that waits for them, so that they end with their key. Of
 * the last ones alone: the process that runs them does not keep more.
 */
final class KeptQueries {
  private static final int REMEMBERED = 1000;

  private final KeyUses uses;
  private final BiConsumer<Asker, String> cancel;
  private final Map<String, KeyUses.Use> running = new LinkedHashMap<>();

  KeptQueries(KeyUses uses, BiConsumer<Asker, String> cancel) {
    this.uses = uses;
    this.cancel = cancel;
  }

  /** Takes note of what an answer says of a query that goes on without its client. */
  synchronized void started(Call call, HttpClientResponse answer) {
    String id = answer.getHeader("Weir-Query-Id");
    if (answer.statusCode() != 202 || id == null) {
      return;
    }
    Asker asker = call.known().asks(call.project());
    String name = asker.parameters() + "/" + id;
    if (!running.containsKey(name)) {
      running.put(name, uses.open(asker.key(), () -> cancel.accept(asker, id)));
    }
    if (running.size() > REMEMBERED) {
      KeyUses.Use eldest = running.remove(running.keySet().iterator().next());
      if (eldest != null) {
        eldest.close();
      }
    }
  }
}
