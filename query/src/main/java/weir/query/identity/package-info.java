/** Which actors are one person: identify and alias calls become merges, by rules of their own. */
@org.jspecify.annotations.NullMarked
package weir.query.identity;
