package weir.decode;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One event of a JSON document as its client sent it. Skimmed, it holds what the door asks for;
 * read in full, everything. Of a field that is sent twice the last one counts.
 */
abstract class SentEvent implements WalkedEvent {
  /** Everything that the door does not ask for; null where it is only skimmed. */
  final @Nullable EventDraft draft;

  private final SharedFields shared;

  SentEvent(boolean full, SharedFields shared) {
    this.draft = full ? new EventDraft() : null;
    this.shared = shared;
  }

  /** Reads the object that is the current token, to its end. */
  void read(JsonBody json) throws IOException {
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      field(field, json);
    }
  }

  /** Reads, or skips, the field whose value is the current token. */
  abstract void field(String field, JsonBody json) throws IOException;

  /** The first thing that speaks against the event; null if nothing does. */
  abstract SegmentDoor.@Nullable Fault fault();

  /** The write key that the event names. */
  @Nullable String key() {
    return null;
  }

  /** What the body says beside its events. */
  final SharedFields shared() {
    return shared;
  }

  /** What a full reading has found. */
  final EventDraft full() {
    if (draft == null) {
      throw new IllegalStateException("the event was only skimmed");
    }
    return draft;
  }

  /** A text, or a number as it was written; null, and a property, where it is something else. */
  final @Nullable String text(String field, JsonBody json) throws IOException {
    if (json.isText()) {
      String text = json.text();
      return text == null || text.isBlank() ? null : text;
    }
    Object value = json.isObject() || json.isArray() || json.isNull() ? null : json.text();
    if (value instanceof String number) {
      return number;
    }
    keep(field, json);
    return null;
  }

  /** Keeps a value that has no meaning here. */
  final void keep(String field, JsonBody json) throws IOException {
    if (draft == null) {
      json.skip();
    } else {
      draft.other(field, json.value());
    }
  }

  static SegmentDoor.@Nullable Fault nameFault(@Nullable String name, String field) {
    return name == null
        ? new SegmentDoor.Fault(
            "no_event_name",
            "an event needs its name in \"" + field + "\": a text that is not empty")
        : EventNames.tooLong(name);
  }
}
