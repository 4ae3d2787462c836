package weir.query.door;

/** Ends the process at once, without shutdown hooks. A seam for tests. */
@FunctionalInterface
public interface ProcessHalt {
  /** Exit code: a query went on past its end. */
  int OVERRUN = 83;

  /** Exit code: the process held more memory than it may. */
  int OUT_OF_MEMORY = 84;

  /** Exit code: the engine could not be loaded, which a process cannot try twice. */
  int UNLOADABLE = 85;

  /** Ends the process with an exit code. */
  void halt(int code);

  /** Ends this process. */
  static ProcessHalt runtime() {
    return code -> Runtime.getRuntime().halt(code);
  }
}
