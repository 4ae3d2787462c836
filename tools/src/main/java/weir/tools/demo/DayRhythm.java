package weir.tools.demo;

/** How busy the shop is in the course of a day: little at night, most in the evening. */
final class DayRhythm {
  private DayRhythm() {}

  /**
   * @param ofDay the time of day, from 0 to 1
   * @return from 0.1 to 1
   */
  static double busy(double ofDay) {
    double day = Math.max(0, Math.sin(Math.PI * (ofDay * 24 - 6) / 18));
    double evening = Math.exp(-Math.pow((ofDay * 24 - 20) / 2, 2));
    return Math.min(1, 0.1 + 0.55 * day + 0.45 * evening);
  }
}
