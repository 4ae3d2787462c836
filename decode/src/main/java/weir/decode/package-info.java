/** One decoder per client protocol, and the raw request they read. */
@org.jspecify.annotations.NullMarked
package weir.decode;
