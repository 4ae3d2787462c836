/** Opens jars of plug-ins: for who runs them. */
@org.jspecify.annotations.NullMarked
package weir.plugin.loading;
