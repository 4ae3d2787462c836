/** What the live page shows of single events: the newest decisions, and what a client sent. */
@org.jspecify.annotations.NullMarked
package weir.server.live;
