@org.jspecify.annotations.NullMarked
package weir.server.startup;
