/** Calls from one of Weir's processes to another. */
@org.jspecify.annotations.NullMarked
package weir.server.loopback;
