/** The files of the live page, as they are served. */
@org.jspecify.annotations.NullMarked
package weir.server.web;
