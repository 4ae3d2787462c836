/** Plug-ins that behave as plug-ins may. */
@org.jspecify.annotations.NullMarked
package weir.server.plugins;
