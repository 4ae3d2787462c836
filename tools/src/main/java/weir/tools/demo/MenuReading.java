package weir.tools.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import weir.tools.demo.Restaurant.Dish;

/**
 * How far a menu is read, and how long each dish is looked at: the first ones longest, and some
 * readers stop after each, more of them where a section ends.
 */
final class MenuReading {
  /** Of dishes, how many the heading takes as much room as. */
  private static final double HEADING = 0.8;

  /** How many dishes a phone shows before anybody scrolls. */
  private static final int FIRST = 3;

  private static final double GOES_ON = 0.975;
  private static final double GOES_ON_TO_NEXT_SECTION = 0.8;

  /**
   * A dish that was looked at.
   *
   * @param position counted from 1 over the whole menu
   */
  record Look(Dish dish, int position, double seconds) {
    ObjectNode put(ObjectNode properties) {
      return properties
          .put("item", dish.name())
          .put("section", dish.section())
          .put("position", position);
    }
  }

  private final int dishes;
  private final List<Look> looks = new ArrayList<>();

  /** Reads from the top. */
  MenuReading(List<Dish> menu, double patience, SplittableRandom random) {
    this.dishes = menu.size();
    for (int i = 0; i < menu.size() && goesOn(menu, i, patience, random); i++) {
      looks.add(look(menu, i, patience, random));
    }
  }

  private MenuReading(int dishes, List<Look> looks) {
    this.dishes = dishes;
    this.looks.addAll(looks);
  }

  /** Goes to one section at once, and reads it. */
  static MenuReading section(String section, List<Dish> menu, SplittableRandom random) {
    List<Look> looks = new ArrayList<>();
    for (int i = 0; i < menu.size(); i++) {
      if (menu.get(i).section().equals(section)) {
        looks.add(look(menu, i, 1, random));
      }
    }
    return new MenuReading(menu.size(), looks);
  }

  private static boolean goesOn(
      List<Dish> menu, int next, double patience, SplittableRandom random) {
    if (next < FIRST) {
      return true;
    }
    boolean same = menu.get(next).section().equals(menu.get(next - 1).section());
    double chance = same ? GOES_ON : GOES_ON_TO_NEXT_SECTION;
    return random.nextDouble() < Math.pow(chance, 1 / patience);
  }

  private static Look look(List<Dish> menu, int index, double patience, SplittableRandom random) {
    Dish dish = menu.get(index);
    double usual = 3.2 * Math.pow(0.94, index) * Math.sqrt(dish.appeal() * patience);
    double seconds = 0.3 + usual * Math.exp(0.5 * random.nextGaussian());
    return new Look(dish, index + 1, Math.round(seconds * 1_000) / 1_000.0);
  }

  /** In the order in which they were seen. */
  List<Look> looks() {
    return looks;
  }

  double seconds() {
    return looks.stream().mapToDouble(Look::seconds).sum();
  }

  /** How far down the page was seen, in percent. */
  int depth() {
    double seen = HEADING + looks.getLast().position();
    return (int) Math.round(100 * seen / (HEADING + dishes));
  }

  /** A dish of a section, if one was seen: what was looked at longest, most likely. */
  Optional<Look> choice(String section, SplittableRandom random) {
    List<Look> seen = looks.stream().filter(look -> look.dish().section().equals(section)).toList();
    double rest = random.nextDouble() * seen.stream().mapToDouble(MenuReading::wish).sum();
    for (Look look : seen) {
      rest -= wish(look);
      if (rest < 0) {
        return Optional.of(look);
      }
    }
    return Optional.empty();
  }

  private static double wish(Look look) {
    return look.dish().appeal() * look.seconds();
  }
}
