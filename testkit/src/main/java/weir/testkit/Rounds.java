package weir.testkit;

/**
 * How often a test by chance tries: a part in each build, all of it where {@code -Dweir.rounds=all}
 * asks for it.
 */
public final class Rounds {
  private static final boolean ALL = "all".equals(System.getProperty("weir.rounds"));

  private Rounds() {}

  /** One of both. */
  public static int of(int inEachBuild, int all) {
    return ALL ? all : inEachBuild;
  }
}
