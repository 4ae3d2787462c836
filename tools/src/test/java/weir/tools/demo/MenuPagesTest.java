package weir.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The diners of the demonstration order what stands in the pages of examples/menu. */
class MenuPagesTest {
  private static final Path PAGES = Path.of("../examples/menu");
  private static final Pattern DISH =
      Pattern.compile(
          "data-weir-section=\"(?<section>[^\"]+)\""
              + "|data-weir-item=\"(?<item>[^\"]+)\" data-weir-position=\"(?<position>\\d+)\""
              + "|data-weir-prop-price=\"(?<price>[^\"]+)\" data-weir-prop-currency=\"EUR\"");

  @ParameterizedTest
  @CsvSource({"0, a", "0, b", "1, a", "1, b"})
  void aPageHasTheDishesOfItsMenu(int number, String version) throws IOException {
    Restaurant restaurant = Restaurant.all().get(number);
    List<Restaurant.Dish> menu = restaurant.menu(version);
    String page = Files.readString(PAGES.resolve(restaurant.name()).resolve(version + ".html"));
    assertThat(page)
        .contains("data-weir-prop-restaurant=\"" + restaurant.name() + "\"")
        .contains("data-weir-prop-menu=\"" + version + "\"")
        .contains("<title>" + restaurant.title() + ": menu</title>");
    assertThat(marks(page, "item")).isEqualTo(menu.stream().map(Restaurant.Dish::name).toList());
    assertThat(marks(page, "section")).isEqualTo(restaurant.sections());
    assertThat(marks(page, "position"))
        .isEqualTo(IntStream.rangeClosed(1, menu.size()).mapToObj(String::valueOf).toList());
    assertThat(marks(page, "price").stream().map(Double::valueOf).toList())
        .isEqualTo(menu.stream().map(Restaurant.Dish::price).toList());
  }

  private static List<String> marks(String page, String group) {
    return DISH.matcher(page)
        .results()
        .map(found -> found.group(group))
        .filter(text -> text != null)
        .toList();
  }
}
