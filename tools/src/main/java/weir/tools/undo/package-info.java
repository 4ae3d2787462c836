/** Takes imports out of a project again. */
@org.jspecify.annotations.NullMarked
package weir.tools.undo;
