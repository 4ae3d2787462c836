/** Tables that users store and named snapshots: from a request to the lake. */
@org.jspecify.annotations.NullMarked
package weir.server.tables;
