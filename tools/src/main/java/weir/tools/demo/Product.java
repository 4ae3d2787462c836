package weir.tools.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Something that the shop sells. */
record Product(String id, String name, String category, double price) {
  private static final List<String> CATEGORIES =
      List.of("Shoes", "Jackets", "Bags", "Shirts", "Hats");
  private static final List<String> MODELS =
      List.of("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Rowan");

  /** One of fifty; the first of a category are asked for most. */
  static Product any(RandomGenerator random) {
    int category = random.nextInt(CATEGORIES.size());
    int model = (int) (MODELS.size() * Math.pow(random.nextDouble(), 2));
    String name = CATEGORIES.get(category);
    String singular = name.substring(0, name.length() - 1);
    return new Product(
        "p-" + category + model,
        MODELS.get(model) + " " + singular,
        name,
        9.9 + 10 * model + 5 * category);
  }

  String path() {
    return "/" + category.toLowerCase(Locale.ROOT) + "/" + id;
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("product_id", id)
        .put("name", name)
        .put("category", category)
        .put("price", price);
  }
}
