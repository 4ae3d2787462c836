/** The columns that properties have, as their project's owner sees and drops them. */
@org.jspecify.annotations.NullMarked
package weir.server.schemas;
