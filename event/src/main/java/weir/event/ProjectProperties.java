package weir.event;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is known of the properties that a project's clients send: by its exact name, which column
 * each has, and whether any value of it lies in the JSON of {@code properties} instead. Immutable.
 *
 * <p>Names that fold alike have columns of their own; so the name of a column does not tell whose
 * it is. What is told of JSON may be too much, never too little.
 */
public final class ProjectProperties {
  /**
   * For a project of which nothing is known: the column of a property is that of its folded name,
   * and any value may lie in JSON.
   */
  public static final ProjectProperties UNKNOWN = new ProjectProperties(List.of(), false, false);

  /** For a project that has no properties yet. */
  public static final ProjectProperties NONE = new ProjectProperties(List.of(), true, true);

  private static final int MAGIC = 0x57505231; // WPR1

  private final Map<String, Property> byName = new HashMap<>();
  private final Map<String, Property> byColumn = new HashMap<>();
  private final boolean known;
  private final boolean complete;

  /**
   * A property.
   *
   * @param name as clients send it
   * @param column empty where all its values lie in JSON
   * @param inJson whether values may lie in JSON
   */
  public record Property(String name, Optional<String> column, boolean inJson) {
    public Property {
      Objects.requireNonNull(name, "name");
      if (column.isEmpty() && !inJson) {
        throw new IllegalArgumentException(name + " has no place");
      }
    }
  }

  /**
   * Where the values of a property are: each in one of these places.
   *
   * @param column the one that the table has; empty if none
   * @param jsonNames what they may be called in JSON; empty if none lies there
   */
  public record Place(Optional<String> column, List<String> jsonNames) {
    public Place {
      jsonNames = List.copyOf(jsonNames);
    }
  }

  private ProjectProperties(Collection<Property> properties, boolean known, boolean complete) {
    this.known = known;
    this.complete = complete;
    for (Property property : properties) {
      byName.put(property.name(), property);
      property.column().ifPresent(column -> byColumn.put(column, property));
    }
  }

  /**
   * Describes a project.
   *
   * @param complete whether it has no properties beside these
   */
  public static ProjectProperties of(Collection<Property> properties, boolean complete) {
    return new ProjectProperties(properties, true, complete);
  }

  /** The names that are known. */
  public Collection<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Whether there are no properties beside those that are known. */
  public boolean isComplete() {
    return complete;
  }

  /** The exact name of the property that a column is of; empty if that is not known. */
  public Optional<String> name(String column) {
    return Optional.ofNullable(byColumn.get(column)).map(Property::name);
  }

  /** The column of the property of exactly this name, if it has one. */
  public Optional<String> column(String name) {
    return Optional.ofNullable(byName.get(name)).flatMap(Property::column);
  }

  /** Whether a column's property has values in JSON, perhaps. */
  public boolean isInJson(String column) {
    Property property = byColumn.get(column);
    return property == null ? !known : property.inJson();
  }

  /** Whether a column is of a property by now: not if it was dropped. */
  public boolean isInUse(String column) {
    return !known || byColumn.containsKey(column);
  }

  /** Whether a property of exactly this name is known. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * Whether it is certain which column a property has, if any: not where nothing, or not yet all,
   * is known of the columns that a table has.
   */
  public boolean isCertain(String name, Predicate<String> hasColumn) {
    if (!known || has(name) || !PropertyName.fits(name)) {
      return true;
    }
    String folded = PropertyName.PREFIX + PropertyName.fold(name);
    return !hasColumn.test(folded) || byColumn.containsKey(folded);
  }

  /**
   * Whether it is certain that no property of exactly this name was ever sent: not of names that
   * can have no column, which are not told of.
   */
  public boolean isUnseen(String name) {
    return complete && !has(name) && PropertyName.fits(name);
  }

  /**
   * Where the values of a property are. The exact name comes first; where there is none, the name
   * of a column; where it was never sent, or nothing is known, the first property whose name folds
   * to the same. A name that can have no column has its values in JSON, whatever others fold to.
   *
   * @param hasColumn whether the table has a column
   */
  public Place place(String name, Predicate<String> hasColumn) {
    Property exact = byName.get(name);
    if (exact != null) {
      return new Place(
          exact.column().filter(hasColumn), exact.inJson() ? List.of(name) : List.of());
    }
    boolean isColumn = name.startsWith(PropertyName.PREFIX) && hasColumn.test(name);
    boolean mayFold = known ? isUnseen(name) : PropertyName.fits(name);
    String column = isColumn ? name : PropertyName.PREFIX + PropertyName.fold(name);
    if (!hasColumn.test(column) || !(isColumn || mayFold)) {
      return new Place(Optional.empty(), List.of(name));
    }
    List<String> jsonNames = new ArrayList<>();
    if (!isColumn && !known) {
      jsonNames.add(name);
    }
    if (isInJson(column)) {
      String sent = name(column).orElse(column.substring(PropertyName.PREFIX.length()));
      if (!jsonNames.contains(sent)) {
        jsonNames.add(sent);
      }
    }
    return new Place(Optional.of(column), jsonNames);
  }

  /**
   * Where the values of a property of exactly this name are, or of the column of this name: no
   * other property is ever taken for it, but where nothing is known.
   *
   * @param hasColumn whether the table has a column
   */
  public Place exactPlace(String name, Predicate<String> hasColumn) {
    boolean isColumn = name.startsWith(PropertyName.PREFIX) && hasColumn.test(name);
    return !known || has(name) || isColumn
        ? place(name, hasColumn)
        : new Place(Optional.empty(), List.of(name));
  }

  /** As bytes, for another process. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeBoolean(complete);
      out.writeInt(byName.size());
      for (String name : byName.keySet().stream().sorted().toList()) {
        Property property = Objects.requireNonNull(byName.get(name));
        out.writeUTF(name);
        out.writeUTF(property.column().orElse(""));
        out.writeBoolean(property.inJson());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if it is anything else
   */
  public static ProjectProperties decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        throw new IOException("these are not the properties of a project");
      }
      boolean complete = in.readBoolean();
      int count = in.readInt();
      List<Property> properties = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        String column = in.readUTF();
        properties.add(
            new Property(
                name, column.isEmpty() ? Optional.empty() : Optional.of(column), in.readBoolean()));
      }
      return of(properties, complete);
    } catch (IllegalArgumentException e) {
      throw new IOException("these are not the properties of a project", e);
    }
  }
}
