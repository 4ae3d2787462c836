/** What a user agent says. */
@org.jspecify.annotations.NullMarked
package weir.enrich.agent;
