package weir.event;

/** The type of a column of {@code events}, and the Java class that carries its values. */
public enum ColumnType {
  BOOLEAN(Boolean.class),
  INTEGER(Integer.class),
  LONG(Long.class),
  DOUBLE(Double.class),
  STRING(String.class),
  /** Microseconds since 1970-01-01T00:00:00Z, as {@link Long}. */
  TIMESTAMP(Long.class);

  private final Class<?> javaClass;

  ColumnType(Class<?> javaClass) {
    this.javaClass = javaClass;
  }

  public Class<?> javaClass() {
    return javaClass;
  }
}
