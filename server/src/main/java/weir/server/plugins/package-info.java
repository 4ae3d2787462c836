/** Users' plug-ins: the jars that there are, and for each project that uses some a process. */
@org.jspecify.annotations.NullMarked
package weir.server.plugins;
