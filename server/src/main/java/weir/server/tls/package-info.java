/** How this program, as a client, tells that it talks to the right server. */
@org.jspecify.annotations.NullMarked
package weir.server.tls;
