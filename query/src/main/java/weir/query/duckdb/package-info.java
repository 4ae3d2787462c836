/**
 * The engine on DuckDB: instances that can open what a statement may see, and what runs in them.
 */
@org.jspecify.annotations.NullMarked
package weir.query.duckdb;
