/** PostgreSQL's SQL, types and catalog, told in those of the engine. */
@org.jspecify.annotations.NullMarked
package weir.query.postgres;
