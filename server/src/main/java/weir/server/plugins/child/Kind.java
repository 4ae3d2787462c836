package weir.server.plugins.child;

/** The kinds of frames, and of results in them. */
public final class Kind {
  /** To the child: what to run. Then it answers READY or REFUSED. */
  public static final byte OPEN = 'O';

  /** To the child: the path of a jar, whose plug-ins it answers in FOUND; or REFUSED. */
  public static final byte LOOK = 'L';

  /** To the child: events. Then it answers RESULTS, or FAULT as its last words. */
  public static final byte EVENTS = 'E';

  public static final byte READY = 'R';
  public static final byte REFUSED = 'X';
  public static final byte FOUND = 'J';
  public static final byte RESULTS = 'A';
  public static final byte FAULT = 'F';

  /** From the child, where it was asked to announce: the plug-in that comes next. */
  public static final byte AT = 'P';

  /** How a result begins. */
  public static final int UNCHANGED = 0;

  public static final int EVENTS_MADE = 1;
  public static final int DROPPED = 2;
  public static final int FAILED = 3;

  private Kind() {}
}
