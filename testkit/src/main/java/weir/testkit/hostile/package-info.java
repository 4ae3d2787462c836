/** Statements of attackers, and how to see what they came to. */
@org.jspecify.annotations.NullMarked
package weir.testkit.hostile;
