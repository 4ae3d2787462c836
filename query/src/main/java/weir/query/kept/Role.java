package weir.query.kept;

import java.util.List;
import java.util.Optional;

/**
 * What some events are to a question.
 *
 * @param events their names; none for any
 * @param condition that they must meet
 * @param mask the bits of {@link PersonEvents#masks} that they have
 * @param valued whether they come with the value and the key of the selection, if it has such
 */
public record Role(List<String> events, Optional<Expression> condition, int mask, boolean valued) {
  public Role {
    events = List.copyOf(events);
  }

  boolean isOf(String event) {
    return events.isEmpty() || events.contains(event);
  }
}
