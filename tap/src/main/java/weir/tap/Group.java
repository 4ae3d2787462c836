package weir.tap;

/** Those who ask for the same, and get the same bytes. The hash is taken often: it is kept. */
final class Group {
  private final EventFilter filter;
  private final Framing framing;
  private final int hash;

  Group(EventFilter filter, Framing framing) {
    this.filter = filter;
    this.framing = framing;
    this.hash = 31 * filter.hashCode() + framing.hashCode();
  }

  EventFilter filter() {
    return filter;
  }

  Framing framing() {
    return framing;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Group group
            && hash == group.hash
            && framing.equals(group.framing)
            && filter.equals(group.filter));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
