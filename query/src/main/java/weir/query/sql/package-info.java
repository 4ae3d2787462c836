/** The gateway that every statement of a user passes before an engine sees it. */
@org.jspecify.annotations.NullMarked
package weir.query.sql;
