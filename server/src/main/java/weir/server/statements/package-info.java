/**
 * Processes that run users' SQL, one for each project in use, so that a statement can end nothing
 * but itself and statements of its own project.
 */
@org.jspecify.annotations.NullMarked
package weir.server.statements;
