package weir.collect;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import weir.decode.Inspection;

/** The answer to a request that is stored. */
final class Accepted {
  private static final Buffer ONE = render(1, List.of());

  private Accepted() {}

  static Buffer of(int events, List<Inspection.Quarantined> quarantined) {
    return events == 1 && quarantined.isEmpty() ? ONE : render(events, quarantined);
  }

  private static Buffer render(int events, List<Inspection.Quarantined> quarantined) {
    StringBuilder json = new StringBuilder(64 + 48 * quarantined.size());
    json.append("{\"success\":true,\"accepted\":").append(events).append(",\"quarantined\":[");
    String separator = "";
    for (Inspection.Quarantined one : quarantined) {
      json.append(separator).append("{\"index\":").append(one.index());
      json.append(",\"reason\":\"").append(one.reason()).append("\"}");
      separator = ",";
    }
    return Buffer.buffer(json.append("]}").toString());
  }
}
