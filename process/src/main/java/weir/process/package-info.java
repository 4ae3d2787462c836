/** Raw log to clean log: one decision per raw event, in raw order; the ledger. */
@org.jspecify.annotations.NullMarked
package weir.process;
