package weir.enrich;

/** What becomes of an event after its enrichment. */
public sealed interface Verdict {
  Verdict PASS = new Pass();

  /** It goes on. */
  record Pass() implements Verdict {}

  /**
   * The project's policy leaves it out.
   *
   * @param reason a stable code in lower snake case, as the ledger counts it
   */
  record Drop(String reason) implements Verdict {}

  /**
   * It becomes a bad event.
   *
   * @param reason a stable code in lower snake case
   * @param message what is wrong and how to mend it
   */
  record Quarantine(String reason, String message) implements Verdict {}
}
