@org.jspecify.annotations.NullMarked
package weir.lake.upkeep;
