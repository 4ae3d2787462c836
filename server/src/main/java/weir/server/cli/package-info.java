/** The command line. */
@org.jspecify.annotations.NullMarked
package weir.server.cli;
