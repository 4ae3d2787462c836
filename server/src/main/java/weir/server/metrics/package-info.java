/** Metrics of a process, and of all roles together, in Prometheus' text format. */
@org.jspecify.annotations.NullMarked
package weir.server.metrics;
