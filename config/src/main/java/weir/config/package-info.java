/** Typed settings: defined once, read from YAML, the environment and the command line. */
@org.jspecify.annotations.NullMarked
package weir.config;
