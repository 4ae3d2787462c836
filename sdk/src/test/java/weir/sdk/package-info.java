@NullMarked
package weir.sdk;

import org.jspecify.annotations.NullMarked;
