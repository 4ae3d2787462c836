/**
 * The gateway that every statement of a user passes before an engine sees it, and the pieces of SQL
 * that Weir writes itself.
 */
@org.jspecify.annotations.NullMarked
package weir.query.sql;
