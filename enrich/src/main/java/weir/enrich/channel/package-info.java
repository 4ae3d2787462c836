/** Where a visit came from. */
@org.jspecify.annotations.NullMarked
package weir.enrich.channel;
