package weir.tools.importing;

/** Told how an import goes on, by one thread. */
public interface ImportProgress extends AutoCloseable {
  /** What was found out about the file, before anything is sent. */
  void say(String line);

  /**
   * @param countsBytes whether {@code done} and {@code size} are bytes of the file, else rows
   * @param rows that are stored or refused
   */
  void update(long done, long size, boolean countsBytes, long rows);

  @Override
  void close();
}
