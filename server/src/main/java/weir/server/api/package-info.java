/** The API's HTTP server: routes, authentication, and the way to the query process. */
@org.jspecify.annotations.NullMarked
package weir.server.api;
