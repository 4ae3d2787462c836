/** Manual clock, event generator, power-cut disk, child processes for tests. */
@org.jspecify.annotations.NullMarked
package weir.testkit;
