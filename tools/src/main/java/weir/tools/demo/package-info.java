/** A shop and restaurants that are made up, so that there is something to look at. */
@org.jspecify.annotations.NullMarked
package weir.tools.demo;
