/**
 * Keeps written tables in order: compaction, sidecars, ages, erasure, and files that nobody needs.
 */
@org.jspecify.annotations.NullMarked
package weir.lake.upkeep;
