/** What projects want of their enrichments, kept and in force. */
@org.jspecify.annotations.NullMarked
package weir.server.enrichment;
