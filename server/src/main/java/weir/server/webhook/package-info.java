/** Webhooks: their mappings in force, their last requests, dry runs. */
@org.jspecify.annotations.NullMarked
package weir.server.webhook;
