package weir.query.insight;

import java.util.Arrays;

/**
 * Gives steps events of their own, as many as can be: a maximum matching of steps and events, grown
 * by augmenting paths (Kuhn, 1955). An event is known by the steps that it could be.
 */
final class StepMatching {
  private final int steps;
  private final int[] eventOf;
  private int[] masks = new int[8];
  private int[] stepOf = new int[8];
  private int events;
  private long seen;

  StepMatching(int steps) {
    this.steps = steps;
    this.eventOf = new int[steps];
    clear();
  }

  void clear() {
    events = 0;
    Arrays.fill(eventOf, -1);
  }

  /**
   * Adds an event.
   *
   * @param mask bit i where the event could be step i
   * @return whether one more step has an event now
   */
  boolean add(int mask) {
    put(mask);
    seen = 0;
    return placeEvent(events - 1);
  }

  /** Adds an event without giving it to a step. */
  void put(int mask) {
    if (events == masks.length) {
      masks = Arrays.copyOf(masks, 2 * events);
      stepOf = Arrays.copyOf(stepOf, 2 * events);
    }
    masks[events] = mask;
    stepOf[events] = -1;
    events++;
  }

  private boolean placeEvent(int event) {
    for (int step = 0; step < steps; step++) {
      long bit = 1L << step;
      if ((masks[event] & bit) != 0 && (seen & bit) == 0) {
        seen |= bit;
        if (eventOf[step] < 0 || placeEvent(eventOf[step])) {
          eventOf[step] = event;
          stepOf[event] = step;
          return true;
        }
      }
    }
    return false;
  }

  /** How many steps from one on, without a gap, can have events of their own at the same time. */
  int advance(int from) {
    Arrays.fill(eventOf, -1);
    Arrays.fill(stepOf, 0, events, -1);
    int step = from;
    while (step < steps && placeStep(step, new boolean[events])) {
      step++;
    }
    return step - from;
  }

  private boolean placeStep(int step, boolean[] tried) {
    for (int event = 0; event < events; event++) {
      if ((masks[event] >> step & 1) != 0 && !tried[event]) {
        tried[event] = true;
        if (stepOf[event] < 0 || placeStep(stepOf[event], tried)) {
          stepOf[event] = step;
          eventOf[step] = event;
          return true;
        }
      }
    }
    return false;
  }
}
