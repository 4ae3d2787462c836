/** The file operations that durability rests on, of the machine and in memory. */
@org.jspecify.annotations.NullMarked
package weir.log.files;
