/** What the kernel forbids a process that runs users' statements or reads users' files. */
@org.jspecify.annotations.NullMarked
package weir.query.sandbox;
