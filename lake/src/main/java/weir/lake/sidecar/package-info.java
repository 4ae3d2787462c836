/** What lies beside a Parquet file of events: who did what when, in a format of its own. */
@org.jspecify.annotations.NullMarked
package weir.lake.sidecar;
