@org.jspecify.annotations.NullMarked
package weir.server.postgres;
