package weir.server.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * A path of the API and what answers it.
 *
 * @param template segments; one in braces stands for any
 * @param access whose key it needs
 */
record Route(HttpMethod method, String template, Access access, Handler handler) {
  /** Answers a request. Runs on the event loop: must not block it. */
  interface Handler {
    void handle(Call call);
  }

  /** Lets pages of any origin read an answer. */
  static void openToPages(HttpServerResponse response) {
    response.putHeader("Access-Control-Allow-Origin", "*");
  }

  /** Answers an error; pages that may read what it answers may read that too. */
  void refuse(Call call, ApiError why) {
    if (access == Access.STREAM) {
      openToPages(call.request().response());
    }
    call.fail(why);
  }

  /** Whether it needs no key. */
  boolean open() {
    return access == Access.OPEN;
  }

  /** Whether it answers a method; what answers GET to everyone answers HEAD. */
  boolean takes(HttpMethod asked) {
    boolean head = open() && method.equals(HttpMethod.GET) && asked.equals(HttpMethod.HEAD);
    return head || method.equals(asked);
  }

  boolean matches(String path) {
    List<String> wanted = List.of(template.split("/", -1));
    List<String> given = List.of(path.split("/", -1));
    if (wanted.size() != given.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.get(i).startsWith("{") && !wanted.get(i).equals(given.get(i))) {
        return false;
      }
    }
    return true;
  }
}
