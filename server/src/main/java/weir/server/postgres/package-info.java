/** PostgreSQL's protocol 3.0: a project as a read-only database. */
@org.jspecify.annotations.NullMarked
package weir.server.postgres;
