/**
 * What users keep in the lake beside their events: tables of files that they sent, and snapshots.
 */
@org.jspecify.annotations.NullMarked
package weir.lake.stored;
