/** The newest rows, which the lake lacks: followed in memory, and as tables for DuckDB. */
@org.jspecify.annotations.NullMarked
package weir.query.hottail;
