/** The lake's reading side, which needs no right to write. */
@org.jspecify.annotations.NullMarked
package weir.lake.reading;
