/** The process that runs a project's plug-ins, and what it and the engine say to each other. */
@org.jspecify.annotations.NullMarked
package weir.server.plugins.child;
