@org.jspecify.annotations.NullMarked
package weir.query.sandbox;
