/**
 * What the lake's tables hold, as its readers see it, and how a lake is written: values and
 * options.
 */
@org.jspecify.annotations.NullMarked
package weir.lake;
