package weir.config;

/**
 * What is wrong with one setting.
 *
 * @param where file and line, environment variable or command line option
 * @param message what is wrong and what would be right
 */
public record Fault(String where, String message) {
  @Override
  public String toString() {
    return where + ": " + message;
  }
}
