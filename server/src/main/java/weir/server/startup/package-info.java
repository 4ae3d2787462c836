/** What makes a start take less time. */
@NullMarked
package weir.server.startup;

import org.jspecify.annotations.NullMarked;
