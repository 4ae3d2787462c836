/** Iceberg tables of Parquet files, each event in them exactly once. */
@org.jspecify.annotations.NullMarked
package weir.lake;
