package weir.decode;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a body says beside the array of its events, of all of them. */
final class SharedFields {
  /**
   * How a protocol calls these fields.
   *
   * @param lists the array of events
   * @param keys the write key
   * @param sentAt when the request was sent
   * @param object one that holds more of these fields; empty if there is none
   */
  record Names(Set<String> lists, Set<String> keys, Set<String> sentAt, String object) {
    static final Names NONE = new Names(Set.of(), Set.of(), Set.of(), "");
  }

  private final Names names;
  private final boolean keepsOthers;
  private final Map<String, Object> others = new LinkedHashMap<>();
  private boolean hasOthers;
  private @Nullable String key;
  private @Nullable String sentAt;

  /**
   * @param keepsOthers whether fields that have no meaning here are kept, too
   * @param sentAt when the request was sent, as its head says
   */
  SharedFields(Names names, boolean keepsOthers, @Nullable String sentAt) {
    this.names = names;
    this.keepsOthers = keepsOthers;
    this.sentAt = sentAt;
  }

  /** Reads the field whose value is the current token. */
  void read(String field, JsonBody json) throws IOException {
    if (names.keys().contains(field)) {
      key = json.text();
    } else if (names.sentAt().contains(field)) {
      sentAt = json.text();
    } else if (field.equals(names.object()) && json.isObject()) {
      for (String name = json.nextField(); name != null; name = json.nextField()) {
        read(name, json);
      }
    } else {
      hasOthers |= !json.isNull();
      if (keepsOthers && !json.isNull()) {
        others.put(Utf8.wellFormed(field), Objects.requireNonNull(json.value()));
      } else {
        json.skip();
      }
    }
  }

  /** Whether there were fields that have no meaning here. */
  boolean hasOthers() {
    return hasOthers;
  }

  @Nullable String key() {
    return key;
  }

  /** As it was written. */
  @Nullable String sentAt() {
    return sentAt;
  }

  /** The fields that have no meaning here. */
  Map<String, Object> others() {
    return others;
  }
}
