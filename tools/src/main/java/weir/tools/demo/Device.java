package weir.tools.demo;

import java.util.List;

/** What somebody looks at a page with. */
record Device(String userAgent, int width, int height) {
  private static final List<Device> ALL =
      List.of(
          new Device(
              "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
                  + " like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
              393,
              852),
          new Device(
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/142.0.0.0 Safari/537.36",
              1920,
              1080),
          new Device(
              "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/142.0.0.0 Mobile Safari/537.36",
              412,
              915),
          new Device(
              "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
              1512,
              982),
          new Device(
              "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
                  + " Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
              820,
              1180));

  static Device of(int number) {
    return ALL.get(Math.floorMod(number, ALL.size()));
  }
}
