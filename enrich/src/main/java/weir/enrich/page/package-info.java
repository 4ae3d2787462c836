/** What a page's address says. */
@org.jspecify.annotations.NullMarked
package weir.enrich.page;
