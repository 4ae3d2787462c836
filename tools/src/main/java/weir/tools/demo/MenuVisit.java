package weir.tools.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import weir.tools.demo.MenuReading.Look;

/**
 * One guest at a table, who opens its code, reads the menu, orders from it and puts the phone away;
 * some look at the same page once more, and some open it again for dessert.
 */
final class MenuVisit implements Visit {
  private static final double STARTER = 0.4;
  private static final double MAIN = 0.85;
  private static final double DESSERT = 0.15;
  private static final double DESSERT_AGAIN = 0.6;

  private enum Stage {
    OPEN,
    ORDER,
    LEAVE,
    LOOK_AGAIN,
    DESSERT,
    OVER
  }

  private final Diner diner;
  private final Restaurant restaurant;
  private final int table;
  private final SplittableRandom random;
  private final Deque<Look> wishes = new ArrayDeque<>();
  private Stage stage = Stage.OPEN;
  private boolean again;
  private double pause;
  private MenuReading reading;
  private TrackedPage page;

  MenuVisit(Diner diner, SplittableRandom random) {
    this.diner = diner;
    this.random = random;
    this.restaurant = Restaurant.any(random);
    this.table = 1 + (int) (restaurant.tables() * Math.pow(random.nextDouble(), 1.3));
    this.reading =
        new MenuReading(restaurant.menu(TrackedPage.version(table)), diner.patience(), random);
    this.page = open();
  }

  private TrackedPage open() {
    return new TrackedPage(diner, restaurant, table, TrackedPage.id(random), random);
  }

  @Override
  public boolean isOver() {
    return stage == Stage.OVER;
  }

  @Override
  public long pause() {
    return Math.max(1, Math.round(pause));
  }

  @Override
  public List<ObjectNode> step(Instant now) {
    return switch (stage) {
      case OPEN -> opened(now);
      case ORDER -> new ArrayList<>(List.of(ordered(wishes.removeFirst(), now)));
      case LEAVE -> left(now);
      case LOOK_AGAIN -> lookedAgain(now);
      case DESSERT -> desserts(now);
      case OVER -> throw new IllegalStateException("the visit is over");
    };
  }

  private List<ObjectNode> opened(Instant now) {
    List<String> sections = restaurant.sections();
    double[] chances = {STARTER, MAIN, DESSERT};
    for (int i = 0; i < sections.size(); i++) {
      if (random.nextDouble() < chances[i]) {
        reading.choice(sections.get(i), random).ifPresent(wishes::add);
      }
    }
    return begun(now);
  }

  private List<ObjectNode> begun(Instant now) {
    pause = reading.seconds();
    stage = wishes.isEmpty() ? Stage.LEAVE : Stage.ORDER;
    return new ArrayList<>(List.of(page.view(now)));
  }

  private ObjectNode ordered(Look wish, Instant now) {
    ObjectNode order = page.track("Dish Ordered", now);
    wish.put(order.withObject("/properties"))
        .put("price", wish.dish().price())
        .put("currency", "EUR")
        .put("quantity", random.nextInt(6) == 0 ? 2 : 1);
    pause = 2 + 8 * random.nextDouble();
    stage = wishes.isEmpty() ? Stage.LEAVE : Stage.ORDER;
    return order;
  }

  /** What the tracker tells when a page is left. */
  private List<ObjectNode> left(Instant now) {
    List<ObjectNode> calls = new ArrayList<>();
    ObjectNode scrolled = page.track("page_scrolled", now);
    scrolled.withObject("/properties").put("depth", reading.depth());
    calls.add(scrolled);
    int order = 0;
    for (Look look : reading.looks()) {
      calls.add(seen(look, 1, look.seconds(), ++order, now));
    }
    calls.add(vitals(now));
    double next = random.nextDouble();
    if (again || next >= 0.55) {
      stage = Stage.OVER;
    } else if (next < 0.2) {
      stage = Stage.LOOK_AGAIN;
      pause = 20 + 200 * random.nextDouble();
    } else {
      stage = Stage.DESSERT;
      pause = 60 * (32 + 25 * random.nextDouble());
    }
    return calls;
  }

  private ObjectNode seen(Look look, int views, double seconds, int order, Instant now) {
    ObjectNode seen = page.track("item_viewed", now);
    boolean last = look == reading.looks().getLast();
    look.put(seen.withObject("/properties"))
        .put("views", views)
        .put("seconds", seconds)
        .put("share", last ? (5 + random.nextInt(6)) / 10.0 : 1.0)
        .put("order", order);
    return seen;
  }

  private ObjectNode vitals(Instant now) {
    ObjectNode vitals = page.track("web_vitals", now);
    int first = 180 + random.nextInt(900);
    vitals
        .withObject("/properties")
        .put("fcp", first)
        .put("lcp", first + random.nextInt(300))
        .put("inp", 8 * (1 + random.nextInt(12)))
        .put("cls", random.nextInt(3) / 100.0)
        .put("ttfb", first / 2);
    return vitals;
  }

  /** The page had only been hidden: what is seen now adds seconds to the same views. */
  private List<ObjectNode> lookedAgain(Instant now) {
    stage = Stage.OVER;
    int which = random.nextInt(reading.looks().size());
    Look look = reading.looks().get(which);
    return new ArrayList<>(List.of(seen(look, 0, 1 + random.nextInt(40) / 10.0, which + 1, now)));
  }

  private List<ObjectNode> desserts(Instant now) {
    again = true;
    page = open();
    String section = restaurant.sections().getLast();
    reading = MenuReading.section(section, restaurant.menu(TrackedPage.version(table)), random);
    if (random.nextDouble() < DESSERT_AGAIN) {
      reading.choice(section, random).ifPresent(wishes::add);
    }
    return begun(now);
  }
}
