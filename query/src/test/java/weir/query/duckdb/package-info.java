@org.jspecify.annotations.NullMarked
package weir.query.duckdb;
