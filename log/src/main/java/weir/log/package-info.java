/** Durable event log: port, contract and the embedded segment log. */
@org.jspecify.annotations.NullMarked
package weir.log;
