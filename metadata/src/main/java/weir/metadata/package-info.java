/** Projects, keys and users in the metadata database, and the credentials of the first start. */
@org.jspecify.annotations.NullMarked
package weir.metadata;
