@org.jspecify.annotations.NullMarked
package weir.server.tables;
