/** Rows in memory, in the tables' order, and their way into DuckDB and Parquet files. */
@org.jspecify.annotations.NullMarked
package weir.lake.rows;
