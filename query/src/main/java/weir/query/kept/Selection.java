package weir.query.kept;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The events that a question is about: those that have a role.
 *
 * @param value that those of some roles come with
 * @param key another value that those of the same roles come with
 */
public record Selection(List<Role> roles, Optional<Expression> value, Optional<Expression> key) {
  public Selection {
    roles = List.copyOf(roles);
  }

  /** Events that come with one value at most. */
  public Selection(List<Role> roles, Optional<Expression> value) {
    this(roles, value, Optional.empty());
  }

  /** The columns that it takes to tell who did what when, and of what kind it was. */
  public Set<String> columns() {
    Set<String> columns = new TreeSet<>(Set.of("event", "actor", "timestamp"));
    expressions().forEach(each -> columns.addAll(each.columns()));
    return columns;
  }

  private Set<Expression> expressions() {
    Set<Expression> all = new LinkedHashSet<>();
    roles.forEach(role -> role.condition().ifPresent(all::add));
    value.ifPresent(all::add);
    key.ifPresent(all::add);
    return all;
  }

  /** The value and the key, where there are such. */
  Set<Expression> values() {
    Set<Expression> values = new LinkedHashSet<>();
    value.ifPresent(values::add);
    key.ifPresent(values::add);
    return values;
  }

  /** Those of some names that have a role. */
  Set<String> names(Set<String> known) {
    Set<String> names = new TreeSet<>();
    if (roles.stream().anyMatch(role -> role.events().isEmpty())) {
      names.addAll(known);
    }
    roles.forEach(role -> names.addAll(role.events()));
    names.retainAll(known);
    return names;
  }

  /** The roles that events of a name can have. */
  List<Role> rolesOf(String event) {
    return roles.stream().filter(role -> role.isOf(event)).toList();
  }

  /** The value that events of a name come with. */
  Optional<Expression> valueOf(String event) {
    return value.filter(each -> isValued(event));
  }

  /** The key that events of a name come with. */
  Optional<Expression> keyOf(String event) {
    return key.filter(each -> isValued(event));
  }

  private boolean isValued(String event) {
    return rolesOf(event).stream().anyMatch(Role::valued);
  }

  /** What must be known of the events of a name. */
  Set<Expression> expressionsOf(String event) {
    Set<Expression> all = new LinkedHashSet<>();
    rolesOf(event).forEach(role -> role.condition().ifPresent(all::add));
    valueOf(event).ifPresent(all::add);
    keyOf(event).ifPresent(all::add);
    return all;
  }
}
