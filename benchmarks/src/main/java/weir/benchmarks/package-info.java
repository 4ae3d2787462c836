/** Whole-system load, crash and power-cut commands. */
@org.jspecify.annotations.NullMarked
package weir.benchmarks;
