/**
 * A disk that loses power.
 *
 * <p>In the manner of ALICE (Pillai et al., OSDI 2014): the real processes run under strace, {@link
 * weir.testkit.powercut.SyscallTrace} reads what they did to their files, and {@link
 * weir.testkit.powercut.DiskModel} rebuilds what a power cut at any point may have left on the
 * disk. What was not synced may be there, torn, or missing, as a seed says; so code that forgets an
 * fsync fails for some seed.
 */
@NullMarked
package weir.testkit.powercut;

import org.jspecify.annotations.NullMarked;
