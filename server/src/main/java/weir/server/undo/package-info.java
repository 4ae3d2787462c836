/** Takes imports out of a project again. */
@org.jspecify.annotations.NullMarked
package weir.server.undo;
