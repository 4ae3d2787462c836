/**
 * Clean events as they are decided, to whoever reads along: filters, streams, chunks of the log.
 */
@org.jspecify.annotations.NullMarked
package weir.tap;
