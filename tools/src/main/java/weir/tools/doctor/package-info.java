/** Finds out whether a machine is fit for Weir. */
@org.jspecify.annotations.NullMarked
package weir.tools.doctor;
