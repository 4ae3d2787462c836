package weir.decode;

/**
 * The ability of a {@link Decoder} whose requests bear their key in the path: {@code ROOT/KEY}. It
 * has no {@link Decoder#paths} of its own; the path of a stored request does not hold the key.
 */
public interface Addressed {
  /** The path before the key, such as {@code /hook}. */
  String root();

  /** The path of requests that bring again what was stored and became no event. */
  String replayed();
}
