/** Enrichment: the port, the chain of a project, and its settings. */
@org.jspecify.annotations.NullMarked
package weir.enrich;
