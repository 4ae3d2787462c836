package weir.server.statements;

import java.util.Optional;

/**
 * One try of a statement, and what follows where its process ends meanwhile: one that another
 * statement took along is tried once more, one that has ended a process is not.
 *
 * @param isRepeatable whether it may be sent twice at all
 * @param isLast whether this is the second try
 */
public record StatementTry(boolean isRepeatable, boolean isLast) {
  /** A header of a process that answers and is about to end, with the reason. */
  public static final String ENDING_HEADER = "Weir-Process-Ends";

  /** Its value where the statement itself is the reason. */
  private static final String TO_BLAME = "too_expensive";

  public static StatementTry first(boolean isRepeatable) {
    return new StatementTry(isRepeatable, false);
  }

  /** The try after this one. */
  public StatementTry again() {
    return new StatementTry(isRepeatable, true);
  }

  /**
   * The process has answered that it is about to end.
   *
   * @param reason the value of {@link #ENDING_HEADER}
   * @return whether the statement is to be tried once more; else that answer is its answer
   */
  public boolean isToRepeat(Statements.Place place, String reason) {
    boolean toBlame = reason.equals(TO_BLAME);
    place.ending(toBlame);
    return !toBlame && mayRepeat();
  }

  /**
   * The connection broke before there was an answer.
   *
   * @return why there is none; empty if the statement is to be tried once more
   */
  public Optional<StatementFailure> lost(Statements.Place place, Statements.Fate fate) {
    if (isLast && fate == Statements.Fate.ONCE_MORE) {
      place.ending(true);
    }
    return fate.mayRepeat() && mayRepeat()
        ? Optional.empty()
        : Optional.of(StatementFailure.of(fate));
  }

  private boolean mayRepeat() {
    return isRepeatable && !isLast;
  }
}
