/**
 * What a user's own enrichment or transformer implements: {@link weir.plugin.Plugin}, or {@link
 * weir.plugin.Enrichment} where it changes events in place. A jar names its plug-ins in {@code
 * META-INF/services/weir.plugin.Plugin}.
 */
@org.jspecify.annotations.NullMarked
package weir.plugin;
