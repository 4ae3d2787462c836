package weir.query.sandbox;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Takes from this process, for good, the right to write anywhere but in given folders, to run
 * programs and to open TCP connections, with Linux's Landlock.
 *
 * <p>The kernel binds the calling thread and every thread that it, or one of those, starts later,
 * whatever native code they run. So it must be called on the main thread before any other thread
 * that runs a query, or anything else, is started. Native libraries that unpack themselves must
 * have been loaded before. Files that are open stay as they are.
 *
 * <p>The kernel's interface is in landlock(7): a ruleset names the rights that it takes, rules give
 * them back below a folder, and restrict_self enters it.
 */
public final class FileSandbox {
  /** What came of it. */
  public sealed interface Outcome {
    /** The process is confined. */
    record Confined(int abi) implements Outcome {}

    /** The system cannot do it; nothing has changed. */
    record Unsupported(String reason) implements Outcome {
      public Unsupported {
        Objects.requireNonNull(reason, "reason");
      }
    }
  }

  private static final int CREATE_RULESET = 444;
  private static final int ADD_RULE = 445;
  private static final int RESTRICT_SELF = 446;
  private static final int CREATE_RULESET_VERSION = 1;
  private static final int RULE_PATH_BENEATH = 1;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int O_PATH = 0x200000;
  private static final int O_CLOEXEC = 0x80000;

  private static final long EXECUTE = 1;
  private static final long WRITE_FILE = 1 << 1;
  private static final long REMOVE_DIR = 1 << 4;
  private static final long MAKE_SYM = 1 << 12;
  private static final long REFER = 1 << 13;
  private static final long TRUNCATE = 1 << 14;
  private static final long CONNECT_TCP = 1 << 1;

  /** Removing and making of all kinds are the bits from REMOVE_DIR to MAKE_SYM. */
  private static final long REMOVE_AND_MAKE = (MAKE_SYM << 1) - REMOVE_DIR;

  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final Arena arena;
  private final MemorySegment errno;
  private final MethodHandle syscall;
  private final MethodHandle prctl;
  private final MethodHandle open;
  private final MethodHandle close;

  private FileSandbox(Arena arena) {
    this.arena = arena;
    this.errno = arena.allocate(CAPTURE);
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    this.syscall =
        function("syscall", 1, FunctionDescriptor.of(word, word, word, word, word, word));
    this.prctl = function("prctl", 1, FunctionDescriptor.of(word, word, word, word, word, word));
    this.open =
        function(
            "open",
            2,
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    this.close =
        function("close", -1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  /**
   * Confines the calling thread and those that it starts from now on.
   *
   * @param writable existing folders that may be written to
   * @throws IllegalStateException if the system can do it but refused; the process is then not to
   *     be trusted with anything
   */
  public static Outcome enter(List<Path> writable) {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
      return new Outcome.Unsupported("only Linux has Landlock");
    }
    String arch = System.getProperty("os.arch");
    if (!arch.equals("amd64") && !arch.equals("aarch64")) {
      return new Outcome.Unsupported("system calls of " + arch + " are not known");
    }
    try (Arena arena = Arena.ofConfined()) {
      return new FileSandbox(arena).confine(writable);
    }
  }

  private Outcome confine(List<Path> writable) {
    long abi = syscall(CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION);
    if (abi < 1) {
      return new Outcome.Unsupported("the kernel has no Landlock, or it is switched off");
    }
    long files = EXECUTE | WRITE_FILE | REMOVE_AND_MAKE;
    files |= abi >= 2 ? REFER : 0;
    files |= abi >= 3 ? TRUNCATE : 0;
    MemorySegment attributes = arena.allocate(16, 8);
    attributes.set(ValueLayout.JAVA_LONG, 0, files);
    attributes.set(ValueLayout.JAVA_LONG, 8, abi >= 4 ? CONNECT_TCP : 0);
    long size = abi >= 4 ? 16 : 8;
    int ruleset =
        (int)
            required(
                "landlock_create_ruleset", syscall(CREATE_RULESET, attributes.address(), size, 0));
    try {
      for (Path folder : writable) {
        allow(ruleset, folder, files & ~EXECUTE);
      }
      required("prctl", prctl());
      required("landlock_restrict_self", syscall(RESTRICT_SELF, ruleset, 0, 0));
    } finally {
      close(ruleset);
    }
    return new Outcome.Confined((int) abi);
  }

  private void allow(int ruleset, Path folder, long rights) {
    int fd = open(folder);
    try {
      MemorySegment rule = arena.allocate(12, 8);
      rule.set(ValueLayout.JAVA_LONG, 0, rights);
      rule.set(ValueLayout.JAVA_INT, 8, fd);
      required("landlock_add_rule", syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule.address()));
    } finally {
      close(fd);
    }
  }

  private long required(String what, long result) {
    if (result < 0) {
      throw new IllegalStateException(what + " failed with errno " + (int) ERRNO.get(errno, 0L));
    }
    return result;
  }

  /** Binds a C function; one whose variable arguments start at {@code variadicFrom}, or -1. */
  private static MethodHandle function(
      String name, int variadicFrom, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    Linker.Option capture = Linker.Option.captureCallState("errno");
    MemorySegment symbol =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new IllegalStateException("libc has no " + name));
    return variadicFrom < 0
        ? linker.downcallHandle(symbol, descriptor, capture)
        : linker.downcallHandle(
            symbol, descriptor, capture, Linker.Option.firstVariadicArg(variadicFrom));
  }

  private long syscall(long number, long first, long second, long third) {
    try {
      return (long) syscall.invokeExact(errno, number, first, second, third, 0L);
    } catch (Throwable e) {
      throw new LinkageError("syscall", e);
    }
  }

  private long prctl() {
    try {
      return (long) prctl.invokeExact(errno, (long) PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw new LinkageError("prctl", e);
    }
  }

  private int open(Path folder) {
    try {
      MemorySegment path = arena.allocateFrom(folder.toAbsolutePath().toString());
      return (int)
          required("opening " + folder, (int) open.invokeExact(errno, path, O_PATH | O_CLOEXEC));
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("open", e);
    }
  }

  private void close(int fd) {
    try {
      int unused = (int) close.invokeExact(errno, fd);
    } catch (Throwable e) {
      throw new LinkageError("close", e);
    }
  }
}
