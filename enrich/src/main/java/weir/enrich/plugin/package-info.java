/** What users' own plug-ins make of events: the port. */
@org.jspecify.annotations.NullMarked
package weir.enrich.plugin;
