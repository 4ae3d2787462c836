package weir.query.kept;

/**
 * Which times count.
 *
 * @param from the first, in microseconds since 1970
 * @param to the first after
 */
public record TimeSpan(long from, long to) {}
