/**
 * The lake's Iceberg catalog and files, how its tables are laid out, and what their snapshots say.
 */
@org.jspecify.annotations.NullMarked
package weir.lake.catalog;
