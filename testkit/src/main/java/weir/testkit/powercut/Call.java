package weir.testkit.powercut;

/**
 * A finished system call.
 *
 * @param result what it returned; never a failure
 * @param started the trace's step at its entry
 * @param completed the step at its return
 */
record Call(
    int pid,
    String name,
    String text,
    long result,
    long started,
    long completed,
    Descriptors descriptors) {
  Arguments arguments() {
    return Arguments.parse(text);
  }

  Call completed(String wholeText, long newResult, long step) {
    return new Call(pid, name, wholeText, newResult, started, step, descriptors);
  }

  Call withResult(long newResult) {
    return new Call(pid, name, text, newResult, started, completed, descriptors);
  }
}
