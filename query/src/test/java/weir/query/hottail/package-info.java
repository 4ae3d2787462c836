@org.jspecify.annotations.NullMarked
package weir.query.hottail;
