/**
 * Questions about events as others ask them: the port {@link weir.query.QueryEngine}, requests,
 * rows and errors, who may see what, and where an engine gets the lake from.
 */
@org.jspecify.annotations.NullMarked
package weir.query;
