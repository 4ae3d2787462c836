package weir.process;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import weir.log.files.DiskFull;

/**
 * Tells failures that may be right again later, with nothing lost: locks, a full or failing disk.
 */
final class Passing {
  private static final Set<Integer> CODES =
      Stream.of(
              SQLiteErrorCode.SQLITE_BUSY,
              SQLiteErrorCode.SQLITE_LOCKED,
              SQLiteErrorCode.SQLITE_NOMEM,
              SQLiteErrorCode.SQLITE_READONLY,
              SQLiteErrorCode.SQLITE_IOERR,
              SQLiteErrorCode.SQLITE_FULL,
              SQLiteErrorCode.SQLITE_CANTOPEN,
              SQLiteErrorCode.SQLITE_PROTOCOL)
          .map(code -> code.code)
          .collect(Collectors.toUnmodifiableSet());

  private Passing() {}

  static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        return CODES.contains(sqlite.getResultCode().code & 0xFF);
      }
      if (cause instanceof IOException io && DiskFull.is(io)) {
        return true;
      }
    }
    return false;
  }
}
