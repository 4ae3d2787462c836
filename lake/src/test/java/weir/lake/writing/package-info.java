@org.jspecify.annotations.NullMarked
package weir.lake.writing;
