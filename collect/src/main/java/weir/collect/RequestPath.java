package weir.collect;

/** Paths as clients write them. */
final class RequestPath {
  private RequestPath() {}

  /** Without repeated slashes and without one at the end: {@code //v1/import/} is /v1/import. */
  static String normalized(String path) {
    StringBuilder normal = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '/' || normal.isEmpty() || normal.charAt(normal.length() - 1) != '/') {
        normal.append(c);
      }
    }
    int last = normal.length() - 1;
    if (last > 0 && normal.charAt(last) == '/') {
      normal.setLength(last);
    }
    return normal.toString();
  }
}
