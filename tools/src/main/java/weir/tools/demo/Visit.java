package weir.tools.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** Somebody who comes, does one thing after another, and goes. */
interface Visit {
  boolean isOver();

  /** How long until the next step, in seconds. */
  long pause();

  /**
   * The calls of the next step, at least one.
   *
   * @throws IllegalStateException if the visit is over
   */
  List<ObjectNode> step(Instant now);
}
