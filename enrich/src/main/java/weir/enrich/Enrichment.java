package weir.enrich;

/**
 * Fills columns of an event from others, or says that it must not go on. Stateless towards events:
 * the same event, settings and data files give the same result. Safe for use by several threads;
 * quick, since every event passes it; throws nothing, whatever an event holds.
 */
public interface Enrichment {
  /** As settings and metrics name it: lower snake case. */
  String name();

  /** What it does, in one sentence for people. */
  String description();

  Verdict enrich(Draft event);
}
