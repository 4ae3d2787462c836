@NullMarked
package weir.deploy;

import org.jspecify.annotations.NullMarked;
