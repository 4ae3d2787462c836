package weir.query.insight;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import weir.query.Access;

/** Knows the questions that were asked last, by what was asked. Safe for use by several threads. */
final class RecentQuestions {
  private static final int MOST = 10_000;

  private final Map<Asked, Boolean> asked =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Boolean> eldest) {
          return size() > MOST;
        }
      };

  /** A question, of which a hash will do: at worst one is kept too early. */
  private record Asked(String project, String kind, int bodyHash, int bodyLength) {}

  /** Whether this was asked before. */
  synchronized boolean add(Access access, String kind, byte[] body) {
    Asked question = new Asked(access.project(), kind, Arrays.hashCode(body), body.length);
    return asked.put(question, true) != null;
  }
}
