/** Results in their final formats, and where they go. */
@org.jspecify.annotations.NullMarked
package weir.query.rendering;
