/**
 * The tables that a statement names: views over files and the tail, the columns that they show, the
 * persons behind actors, and what is known of the files.
 */
@org.jspecify.annotations.NullMarked
package weir.query.tables;
