/** Where an address is. */
@org.jspecify.annotations.NullMarked
package weir.enrich.geo;
