package weir.directory;

import java.util.Locale;

/** A part of Weir that has a process of its own. */
public enum Role {
  /** HTTP front door and raw log; supervises the others. */
  COLLECT,
  /** Processing, clean log, lake, metadata, API. */
  ENGINE,
  /** SQL. */
  QUERY;

  /** The name in files, logs and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
