package weir.tools.demo;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A restaurant with two versions of its menu, as the pages in examples/menu have them.
 *
 * @param name as its pages' folder is called
 * @param tables how many; the codes of odd ones open version a, those of even ones b
 * @param dishes in the order of version a, section by section
 */
record Restaurant(String name, String title, int tables, List<Dish> dishes) {
  private static final List<Restaurant> ALL =
      List.of(
          new Restaurant(
              "olive-tree",
              "Olive Tree",
              12,
              List.of(
                  new Dish("Bruschetta", "Starters", 6.5, 1.0),
                  new Dish("Grilled Octopus", "Starters", 12.5, 0.8),
                  new Dish("Burrata", "Starters", 10.5, 1.4),
                  new Dish("Lentil Soup", "Starters", 6, 0.6),
                  new Dish("Lasagne", "Mains", 13.5, 1.5),
                  new Dish("Margherita", "Mains", 10, 1.6),
                  new Dish("Sea Bass", "Mains", 21, 0.9),
                  new Dish("Aubergine Parmigiana", "Mains", 14, 1.0),
                  new Dish("Lamb Chops", "Mains", 22.5, 0.7),
                  new Dish("Tiramisu", "Desserts", 6.5, 1.6),
                  new Dish("Panna Cotta", "Desserts", 6, 1.0),
                  new Dish("Lemon Sorbet", "Desserts", 5, 1.0))),
          new Restaurant(
              "blue-lantern",
              "Blue Lantern",
              8,
              List.of(
                  new Dish("Spring Rolls", "Starters", 5.5, 1.0),
                  new Dish("Dumplings", "Starters", 7.5, 1.5),
                  new Dish("Papaya Salad", "Starters", 8, 0.7),
                  new Dish("Miso Soup", "Starters", 4.5, 0.6),
                  new Dish("Pad Thai", "Mains", 12.5, 1.3),
                  new Dish("Green Curry", "Mains", 13, 1.0),
                  new Dish("Ramen", "Mains", 13.5, 1.6),
                  new Dish("Bibimbap", "Mains", 13, 1.0),
                  new Dish("Crispy Duck", "Mains", 18.5, 0.8),
                  new Dish("Mango Sticky Rice", "Desserts", 6.5, 1.5),
                  new Dish("Sesame Ice Cream", "Desserts", 5.5, 1.0),
                  new Dish("Fried Banana", "Desserts", 5, 0.7))));

  /**
   * Something to eat.
   *
   * @param appeal how gladly it is looked at and ordered; 1 is usual
   */
  record Dish(String name, String section, double price, double appeal) {}

  static List<Restaurant> all() {
    return ALL;
  }

  /** The first has more guests. */
  static Restaurant any(RandomGenerator random) {
    return ALL.get(random.nextInt(5) < 3 ? 0 : 1);
  }

  /** The sections in their order. */
  List<String> sections() {
    return dishes.stream().map(Dish::section).distinct().toList();
  }

  /**
   * The dishes as a version of the menu has them: b begins each section with the dearest.
   *
   * @param version a or b
   */
  List<Dish> menu(String version) {
    if (version.equals("a")) {
      return dishes;
    }
    List<String> sections = sections();
    return dishes.stream()
        .sorted(
            Comparator.comparing((Dish dish) -> sections.indexOf(dish.section()))
                .thenComparing(Comparator.comparing(Dish::price).reversed()))
        .toList();
  }
}
