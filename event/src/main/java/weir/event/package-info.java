/** What an event is: its columns, records and clean-log encoding. */
@org.jspecify.annotations.NullMarked
package weir.event;
