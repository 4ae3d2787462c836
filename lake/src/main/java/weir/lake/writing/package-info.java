/** The lake's writing side as a whole, and the loop that brings the clean log into its tables. */
@org.jspecify.annotations.NullMarked
package weir.lake.writing;
