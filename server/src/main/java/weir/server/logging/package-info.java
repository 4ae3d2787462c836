/** Structured logs: JSON lines in a bounded file, short lines on the console. */
@org.jspecify.annotations.NullMarked
package weir.server.logging;
