/** One table that is written: its data files, and its commits, each at most once. */
@org.jspecify.annotations.NullMarked
package weir.lake.table;
