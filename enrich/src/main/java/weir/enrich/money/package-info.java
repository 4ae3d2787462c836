/** Worth in one currency. */
@org.jspecify.annotations.NullMarked
package weir.enrich.money;
