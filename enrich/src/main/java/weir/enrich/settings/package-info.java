/** What a project wants of its enrichments. */
@org.jspecify.annotations.NullMarked
package weir.enrich.settings;
