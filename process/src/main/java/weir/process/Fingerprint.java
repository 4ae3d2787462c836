package weir.process;

import weir.event.EventHash;

/** A project's event id as the duplicate index holds it: its {@link EventHash}. */
record Fingerprint(long high, long low) {
  static Fingerprint of(String project, String eventId) {
    EventHash hash = EventHash.of(project, eventId);
    return new Fingerprint(hash.high(), hash.low());
  }
}
