/** Taps of the stream of events: who may read along, and in which words. */
@org.jspecify.annotations.NullMarked
package weir.server.stream;
