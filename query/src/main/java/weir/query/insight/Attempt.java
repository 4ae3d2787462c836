package weir.query.insight;

/** An attempt at a funnel. */
interface Attempt {
  /** When a step was, in microseconds; of those that it has. */
  long time(int step);
}
