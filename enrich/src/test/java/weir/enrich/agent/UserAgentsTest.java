package weir.enrich.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserAgentsTest {
  private static final String IPHONE =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
          + " Gecko) Version/18.3 Mobile/15E148 Safari/604.1";

  private final UserAgents agents = new UserAgents();

  @Test
  void aPhone() {
    assertThat(agents.of(IPHONE))
        .isEqualTo(
            new AgentFacts("Mobile Safari", "18.3", "iOS", "18.3.1", "iPhone", "mobile", false));
  }

  @Test
  void aComputer() {
    assertThat(
            agents.of(
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                    + " Chrome/142.0.0.0 Safari/537.36"))
        .isEqualTo(new AgentFacts("Chrome", "142.0.0", "Windows", "10", null, "desktop", false));
  }

  @Test
  void aCrawler() {
    AgentFacts facts =
        agents.of("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
    assertThat(facts.bot()).isTrue();
    assertThat(facts.browser()).isEqualTo("Googlebot");
    assertThat(facts.deviceModel()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 | tablet
          Mozilla/5.0 (Linux; Android 13; SM-X906C Build/QP1A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 | tablet
          Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 | mobile
          Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36 | tv
          Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.4 Safari/605.1.15 | console
          Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 | desktop
          Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 | desktop
          Mozilla/5.0 (Windows NT 6.1; Trident/7.0; SLCC2; .NET CLR 2.0.50727; Tablet PC 2.0; rv:11.0) like Gecko | desktop
          Mozilla/5.0 (Android 13; Tablet; rv:130.0) Gecko/130.0 Firefox/130.0 | tablet
          Mozilla/5.0 (Linux; Android 9; AFTKAUK001 Build/PS7681.4384N; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.248 Mobile Safari/537.36 | tv
          Mozilla/5.0 (Linux; Android 5.1.1; AFTT) AppleWebKit/537.36 (KHTML, like Gecko) Silk/86.3.20 like Chrome/86.0.4240.198 Safari/537.36 | tv
          Mozilla/5.0 (X11; FreeBSD; U; Viera; de-DE) AppleWebKit/537.11 (KHTML, like Gecko) Viera/3.10.14 Chrome/23.0.1271.97 Safari/537.11 | tv
          Riviera/2.1 (iPhone; iOS 17.5; Scale/3.00) | mobile
          MinecraftSkins/8.0 (iPhone; iOS 17.5; Scale/3.00) | mobile
          Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 | desktop
          """)
  void devicesHaveAClass(String agent, String type) {
    assertThat(agents.of(agent.strip()).deviceType()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mozilla/5.0 (Linux; Android 8.0.0; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/70.0.3538.110 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; moto g(50) 5G Build/S1RSS32.38-20-9-13; wv)"
            + " AppleWebKit/537.36 (KHTML,like Gecko) Version/4.0 Chrome/124.0.6367.180 Mobile"
            + " Safari/537.36 Instagram 333.0.0.42.91 Android (31/12; 280dpi; 720x1462; motorola;"
            + " moto g(50) 5G; saipan; mt6833; pt_BR; 604247853)",
        "Mozilla/5.0 (Linux; Android 13; 23028RN4DI Build/TP1A.220624.014; wv) AppleWebKit/537.36"
            + " (KHTML, like Gecko) Version/4.0 Chrome/119.0.6045.66 Mobile Safari/537.36"
            + " Instagram 308.0.0.36.109 Android (33/13; 320dpi; 720x1460; Xiaomi/Redmi;"
            + " 23028RN4DI; cloud; mt6765; en_IN; 534961943)",
        "Mozilla/5.0 (Linux; Android 14; I2208 Build/UP1A.231005.007; wv) AppleWebKit/537.36"
            + " (KHTML, like Gecko) Version/4.0 Chrome/114.0.5735.196 Mobile Safari/537.36"
            + " csh-cashify-flutter csh-store-checkout d2c-back-supported",
        "Mozilla/5.0 (Linux; Android 8.1.0; ELUGA X1 Build/O11019; wv) AppleWebKit/537.36 (KHTML,"
            + " like Gecko) Version/4.0 Chrome/126.0.6478.122 Mobile Safari/537.36 Instagram"
            + " 337.0.0.35.102 Android (27/8.1.0; 480dpi; 1080x2102; PANASONIC/Panasonic; ELUGA"
            + " X1; ELUGA_X1; mt6771; en_IN; 615043694)"
      })
  void phonesWithNamesOfRobotsAreNone(String agent) {
    assertThat(agents.of(agent).bot()).isFalse();
  }

  @Test
  void whatNobodyKnowsSaysNothing() {
    for (String agent : List.of("", " ", "x", "\0\uD800", "☃".repeat(2_000))) {
      AgentFacts facts = agents.of(agent);
      assertThat(facts.browser()).isNull();
      assertThat(facts.os()).isNull();
      assertThat(facts.deviceType()).isNull();
    }
  }

  /** Pieces that expressions like, thousands of times: each ends, and soon. */
  @Test
  void hostileAgentsEnd() {
    Random random = new Random(13);
    List<String> pieces =
        List.of(
            "Mozilla/5.0 ",
            "(",
            "; ",
            "Android ",
            " Build/",
            "bot",
            "a",
            ".",
            "1",
            "/",
            " ",
            "Linux",
            "SM-",
            "http",
            "(KHTML, like Gecko)",
            "\t",
            "Version/4.0 ",
            "-",
            "_",
            "W");
    for (int i = 0; i < 400; i++) {
      StringBuilder agent = new StringBuilder(i % 2 == 0 ? "Mozilla/5.0 (Linux; Android " : "");
      String often = pieces.get(random.nextInt(pieces.size()));
      while (agent.length() < 1_500) {
        agent.append(random.nextInt(4) > 0 ? often : pieces.get(random.nextInt(pieces.size())));
      }
      assertThat(agents.of(agent.toString())).isNotNull();
    }
  }
}
