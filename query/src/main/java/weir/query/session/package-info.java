/**
 * One connection to DuckDB, used for one query: its deadline, its errors, and rows read side by
 * side.
 */
@org.jspecify.annotations.NullMarked
package weir.query.session;
