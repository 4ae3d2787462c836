/** Brings files of events into a running Weir. */
@org.jspecify.annotations.NullMarked
package weir.tools.importing;
