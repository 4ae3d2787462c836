package weir.query.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class MergesTest {
  private final Merges merges = new Merges();
  private int arrived;

  private void identify(String anonymous, String user) {
    merges.apply(fact(IdentityFact.Kind.IDENTIFY, anonymous, user));
  }

  private void alias(String previous, String user) {
    merges.apply(fact(IdentityFact.Kind.ALIAS, previous, user));
  }

  private IdentityFact fact(IdentityFact.Kind kind, String id, String user) {
    return new IdentityFact("%08d".formatted(arrived++), kind, id, user);
  }

  @Test
  void whoWasAnonymousBecomesTheUser() {
    identify("a1", "u1");
    assertThat(merges.all()).isEqualTo(Map.of("a1", "u1"));
  }

  @Test
  void severalDevicesBecomeOnePerson() {
    identify("phone", "u1");
    identify("laptop", "u1");
    alias("tv", "u1");
    assertThat(merges.all()).isEqualTo(Map.of("phone", "u1", "laptop", "u1", "tv", "u1"));
  }

  @Test
  void aDeviceStaysWithItsFirstUser() {
    identify("shared", "u1");
    identify("shared", "u2");
    alias("shared", "u2");
    assertThat(merges.all()).isEqualTo(Map.of("shared", "u1"));
  }

  /** All who signed out would be one person. */
  @Test
  void idsThatMeanNobodyJoinNothing() {
    identify("a1", "null");
    identify("a2", "null");
    alias("[object Object]", "u1");
    alias("undefined", "u2");
    assertThat(merges.all()).isEmpty();
    identify("a1", "u1");
    assertThat(merges.all()).isEqualTo(Map.of("a1", "u1"));
  }

  @Test
  void knownUsersAreNotMerged() {
    identify("a1", "u1");
    identify("a2", "u2");
    alias("u1", "u2");
    identify("u2", "u1");
    assertThat(merges.all()).isEqualTo(Map.of("a1", "u1", "a2", "u2"));
  }

  @Test
  void anAliasOfAnIdToItselfTakesAMergeBack() {
    identify("a1", "u1");
    assertThat(merges.takeChanges()).containsExactly("a1");
    alias("a1", "a1");
    assertThat(merges.all()).isEmpty();
    assertThat(merges.takeChanges()).containsExactly("a1");
    identify("a1", "u2");
    assertThat(merges.person("a1")).contains("u2");
    alias("u9", "u9");
    identify("u8", "u8");
    assertThat(merges.all()).hasSize(1);
  }

  @Test
  void whoBringsAnIdToAMergedActorJoinsItsPerson() {
    identify("a1", "u1");
    identify("a2", "a1");
    assertThat(merges.all()).isEqualTo(Map.of("a1", "u1", "a2", "u1"));
  }

  /** Whatever is said, nobody is somebody who is somebody else, and users stay apart. */
  @Property(tries = 2_000)
  void personsAreNotMergedThemselves(@ForAll long seed) {
    Merges any = new Merges();
    Random random = new Random(seed);
    Set<String> users = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      String id = "x" + random.nextInt(9);
      String user = "u" + random.nextInt(4);
      IdentityFact.Kind kind =
          random.nextBoolean() ? IdentityFact.Kind.ALIAS : IdentityFact.Kind.IDENTIFY;
      boolean turned = random.nextInt(6) == 0 && users.contains(id);
      any.apply(new IdentityFact("" + i, kind, turned ? user : id, turned ? id : user));
      users.add(user);
    }
    any.all().forEach((actor, person) -> assertThat(any.all()).doesNotContainKey(person));
    assertThat(any.all().keySet()).doesNotContainAnyElementsOf(users);
  }
}
