/** The clean events that the lake has not committed yet, in memory. */
@org.jspecify.annotations.NullMarked
package weir.query.hottail;
