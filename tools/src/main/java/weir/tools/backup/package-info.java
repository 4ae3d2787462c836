/** Copies of a data directory, taken while Weir runs, and their way back. */
@org.jspecify.annotations.NullMarked
package weir.tools.backup;
