package weir.testkit.powercut;

import java.util.List;
import java.util.Set;

/**
 * Everything that traced processes did below one root, in order of completion.
 *
 * @param operations by completion
 * @param steps the number of steps; a cut may be at any step from 0 to here
 * @param mapped paths below the root that were mapped shared and writable: what was written to them
 *     by way of memory is not in here
 * @param problems what could not be followed; a recording with problems proves nothing
 */
public record Recording(
    List<Operation> operations, long steps, Set<String> mapped, List<String> problems) {
  /** The node of the root directory. */
  public static final int ROOT = 0;

  /** The node that {@code sync(2)} names. */
  public static final int EVERYTHING = -1;

  public Recording {
    operations = List.copyOf(operations);
    mapped = Set.copyOf(mapped);
    problems = List.copyOf(problems);
  }

  /** The marks that were written for certain before a cut at this step. */
  public List<String> marksUntil(long step) {
    return operations.stream()
        .filter(operation -> operation.completed() <= step)
        .filter(Operation.Mark.class::isInstance)
        .map(operation -> ((Operation.Mark) operation).text())
        .toList();
  }

  /** Every mark. */
  public List<String> marks() {
    return marksUntil(steps);
  }
}
