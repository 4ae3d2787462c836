/** SQL over the lake: gateway, isolation, engine port. */
@org.jspecify.annotations.NullMarked
package weir.query;
