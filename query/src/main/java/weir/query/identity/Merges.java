package weir.query.identity;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.event.PlaceholderId;

/**
 * Folds identity facts, in the order of their arrival, into a map of the actors that were merged.
 *
 * <p>An id joins the person of the first user that it is said to be. It stays there: whoever
 * identifies on a device that somebody else has used does not join that person. An id that was a
 * user's own in any fact is known, and no known user is merged into another. An alias of an id to
 * itself makes it a person of its own again. Ids that mean nobody, such as {@code null}, join
 * nothing.
 *
 * <p>Used by one thread.
 */
public final class Merges {
  private final Map<String, String> persons = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final Set<String> changed = new HashSet<>();

  /** Takes the next fact. */
  public void apply(IdentityFact fact) {
    String id = fact.id();
    if (id.equals(fact.user())) {
      if (fact.kind() == IdentityFact.Kind.ALIAS && persons.remove(id) != null) {
        changed.add(id);
      }
      return;
    }
    if (PlaceholderId.is(id) || PlaceholderId.is(fact.user())) {
      return;
    }
    known.add(fact.user());
    String person = persons.getOrDefault(fact.user(), fact.user());
    if (!known.contains(id) && !persons.containsKey(id) && !person.equals(id)) {
      persons.put(id, person);
      changed.add(id);
    }
  }

  /** The person of an actor; empty for one who is a person of his own. */
  public Optional<String> person(String actor) {
    return Optional.ofNullable(persons.get(actor));
  }

  /** All merged actors, with their persons. */
  public Map<String, String> all() {
    return Collections.unmodifiableMap(persons);
  }

  /** The actors whose persons have changed since this was last asked. */
  public Set<String> takeChanges() {
    Set<String> taken = Set.copyOf(changed);
    changed.clear();
    return taken;
  }
}
