/**
 * The event log as others see it: the port {@link weir.log.EventLog} with what it hands out, its
 * twin in memory, and the group commit over any log.
 */
@org.jspecify.annotations.NullMarked
package weir.log;
