/** Main, command line, configuration, wiring, roles, supervision, health, metrics. */
@org.jspecify.annotations.NullMarked
package weir.server;
