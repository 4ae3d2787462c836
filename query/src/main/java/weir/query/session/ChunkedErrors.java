package weir.query.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import org.duckdb.DuckDBChunkedResult;

/**
 * Whether a result that is read in chunks has failed.
 *
 * <p>The driver ends such a result early without a word when the statement fails on its way; it
 * knows the reason, but asks for it only within its own package (duckdb_jdbc 2.0.0.1).
 */
final class ChunkedErrors {
  private static final Method CHECK = method();

  private ChunkedErrors() {}

  private static Method method() {
    try {
      Method method = DuckDBChunkedResult.class.getDeclaredMethod("checkError");
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("this driver does not say whether a result has failed", e);
    }
  }

  /** Fails if the result did; to be called behind its last chunk. */
  static void check(DuckDBChunkedResult result) throws SQLException {
    try {
      CHECK.invoke(result);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw new SQLException("the result cannot be checked", e);
    } catch (IllegalAccessException e) {
      throw new SQLException("the result cannot be checked", e);
    }
  }
}
