/** The data directory: where things lie, who holds it, and how roles find each other. */
@org.jspecify.annotations.NullMarked
package weir.directory;
