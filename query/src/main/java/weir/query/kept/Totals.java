package weir.query.kept;

/**
 * What is counted over all persons, one after another. What a person contributes depends on that
 * person's events alone, and can be taken back. Used by one thread at a time.
 *
 * @param <T> its own type
 */
public interface Totals<T extends Totals<T>> {
  /** Says what the numbers of values and keys mean, before persons are taken. */
  default void begin(KeptEvents.Values values) {}

  /**
   * Takes a person.
   *
   * @param sign 1, or -1 to take back what was taken for just these events
   */
  void add(PersonEvents events, int sign);

  /** Whether a person's events must be in the order of time. */
  default boolean isOrdered() {
    return true;
  }

  /** Takes all that another one has taken, which is not used any more. */
  void join(T other);

  /** How much memory it takes, approximately. */
  long bytes();
}
