/** Clean events to the webhooks of others: signed, tried again, in order. */
@org.jspecify.annotations.NullMarked
package weir.delivery;
