package weir.query.insight;

/** The length of a bucket or period, in somebody's calendar. */
enum Interval {
  MINUTE,
  HOUR,
  DAY,
  WEEK,
  MONTH
}
