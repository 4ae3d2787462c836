/** The event log in segment files of a directory, written by one process and read by several. */
@org.jspecify.annotations.NullMarked
package weir.log.embedded;
