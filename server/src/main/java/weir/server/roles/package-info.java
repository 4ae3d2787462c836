/** The processes: what each role runs, how they are started, watched and stopped. */
@org.jspecify.annotations.NullMarked
package weir.server.roles;
