package weir.tools.demo;

/** How busy places are in the course of a day, from 0.02 to 1; the time of day is from 0 to 1. */
final class DayRhythm {
  private DayRhythm() {}

  /** Little at night, most in the evening. */
  static double shop(double ofDay) {
    double day = Math.max(0, Math.sin(Math.PI * (ofDay * 24 - 6) / 18));
    return Math.min(1, 0.1 + 0.55 * day + 0.45 * around(ofDay, 20, 2));
  }

  /** Lunch and dinner, and hardly anybody between. */
  static double restaurant(double ofDay) {
    return Math.min(1, 0.02 + 0.6 * around(ofDay, 12.75, 0.9) + 0.98 * around(ofDay, 19.5, 1.4));
  }

  private static double around(double ofDay, double hour, double width) {
    return Math.exp(-Math.pow((ofDay * 24 - hour) / width, 2));
  }
}
