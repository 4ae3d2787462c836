/** Rows of events kept in memory as numbers, in order of person and time. */
@org.jspecify.annotations.NullMarked
package weir.query.kept;
