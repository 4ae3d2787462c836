package weir.tools.demo;

import java.util.SplittableRandom;

/** What can be played. */
public enum Scene {
  /** A shop with visitors who look, search, fill carts and buy. */
  SHOP("The shop is open", 0) {
    @Override
    Visit visit(SplittableRandom random) {
      // a few come often, most seldom
      int number = (int) (VISITORS * Math.pow(random.nextDouble(), 1.5));
      return new ShopVisit(Visitor.of(number), random.split());
    }

    @Override
    double busy(double ofDay) {
      return DayRhythm.shop(ofDay);
    }
  },

  /** Two restaurants whose diners look at the menu on their phones and order from it. */
  MENU("The restaurants are open", 77) {
    @Override
    Visit visit(SplittableRandom random) {
      int number = (int) (VISITORS * Math.pow(random.nextDouble(), 1.2));
      return new MenuVisit(Diner.of(number), random.split());
    }

    @Override
    double busy(double ofDay) {
      return DayRhythm.restaurant(ofDay);
    }
  };

  private static final int VISITORS = 3_000;

  private final String opening;
  private final long salt;

  Scene(String opening, long salt) {
    this.opening = opening;
    this.salt = salt;
  }

  /** Says that it has begun. */
  public String opening() {
    return opening;
  }

  /** What tells its days from those of other scenes. */
  long salt() {
    return salt;
  }

  /** The next one who comes. */
  abstract Visit visit(SplittableRandom random);

  /**
   * How busy it is in the course of a day.
   *
   * @param ofDay the time of day, from 0 to 1
   * @return above 0, at most 1
   */
  abstract double busy(double ofDay);
}
