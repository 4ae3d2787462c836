package weir.testkit.powercut;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code strace -f -X raw -xx -o}: a whole call, its beginning, its end, or the end of
 * a process.
 *
 * @param pid the thread
 * @param kind which of these
 * @param name the call's name; empty for an end of a process
 * @param arguments the text between the parentheses, as far as this line has it
 * @param result the number returned; -1 for a failure, null where the line has none
 */
record StraceLine(int pid, Kind kind, String name, String arguments, @Nullable Long result) {
  enum Kind {
    WHOLE,
    BEGIN,
    END,
    EXIT,
    OTHER
  }

  private static final String UNFINISHED = " <unfinished ...>";

  static StraceLine parse(String line) {
    int space = line.indexOf(' ');
    int pid = Integer.parseInt(line, 0, space, 10);
    int at = space;
    while (line.charAt(at) == ' ') {
      at++;
    }
    if (line.startsWith("+++ exited", at) || line.startsWith("+++ killed", at)) {
      return new StraceLine(pid, Kind.EXIT, "", "", null);
    }
    if (line.startsWith("<... ", at)) {
      int nameEnd = line.indexOf(' ', at + 5);
      int after = line.indexOf("resumed>", nameEnd) + "resumed>".length();
      return finished(pid, Kind.END, line.substring(at + 5, nameEnd), line, after);
    }
    int open = line.indexOf('(', at);
    if (open < 0 || line.startsWith("---", at) || line.startsWith("+++", at)) {
      return new StraceLine(pid, Kind.OTHER, "", "", null);
    }
    String name = line.substring(at, open);
    if (line.endsWith(UNFINISHED)) {
      String arguments = line.substring(open + 1, line.length() - UNFINISHED.length());
      return new StraceLine(pid, Kind.BEGIN, name, arguments, null);
    }
    return finished(pid, Kind.WHOLE, name, line, open + 1);
  }

  private static StraceLine finished(int pid, Kind kind, String name, String line, int from) {
    int equals = line.lastIndexOf(" = ");
    int close = line.lastIndexOf(')', equals < 0 ? line.length() : equals);
    if (equals < from || close < from) {
      return new StraceLine(pid, kind, name, line.substring(from), null);
    }
    return new StraceLine(pid, kind, name, line.substring(from, close), number(line, equals + 3));
  }

  private static @Nullable Long number(String line, int at) {
    int end = line.indexOf(' ', at);
    String text = end < 0 ? line.substring(at) : line.substring(at, end);
    return text.equals("?") ? null : Arguments.number(text);
  }
}
