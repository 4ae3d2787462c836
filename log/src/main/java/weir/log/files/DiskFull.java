package weir.log.files;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells a full disk from other failures.
 *
 * <p>Java has no exception of its own for it and keeps no error number, but ends the message with
 * the system's text for that number, in the language of the process. So that text is asked for, by
 * number, in the same process.
 */
public final class DiskFull {
  private static final int ENOSPC = 28;

  /** Of Linux, and of macOS and the BSDs. */
  private static final int EDQUOT = isLinux() ? 122 : 69;

  private static final DiskFull HERE = new DiskFull(DiskFull::systemText);

  private final Set<String> texts;

  /**
   * @param text the system's text for an error number; null if there is none
   */
  DiskFull(IntFunction<@Nullable String> text) {
    this.texts =
        Stream.concat(
                Stream.of("No space left on device", "Disk quota exceeded"),
                Stream.of(ENOSPC, EDQUOT).map(text::apply).filter(each -> each != null))
            .filter(each -> !each.isBlank())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a failure says that a disk, or a quota of one, has no room. */
  public static boolean is(IOException e) {
    return HERE.matches(e);
  }

  boolean matches(IOException e) {
    @Nullable String message = e.getMessage();
    return message != null && texts.stream().anyMatch(message::endsWith);
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
  }

  private static @Nullable String systemText(int number) {
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle strerror =
          linker.downcallHandle(
              linker.defaultLookup().find("strerror").orElseThrow(),
              FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
      MemorySegment text = (MemorySegment) strerror.invokeExact(number);
      return text.reinterpret(1_024).getString(0, nativeCharset());
    } catch (Throwable e) {
      return null; // the English texts remain
    }
  }

  private static java.nio.charset.Charset nativeCharset() {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    return java.nio.charset.Charset.isSupported(name)
        ? java.nio.charset.Charset.forName(name)
        : java.nio.charset.StandardCharsets.UTF_8;
  }
}
