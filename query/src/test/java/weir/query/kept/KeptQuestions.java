package weir.query.kept;

import java.util.List;

/** Kinds of questions and their bodies, which are asked while events change. */
final class KeptQuestions {
  static final List<String[]> ALL =
      List.of(
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Viewed\"},{\"event\":\"Added\"},{\"event\":\"Bought\"}],"
                + "\"window\":\"2h\"}"
          },
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Viewed\"},{\"events\":[\"Added\",\"Viewed\"]}],"
                + "\"order\":\"any\",\"exclude\":[{\"event\":\"Left\"}],\"breakdown\":\"color\"}"
          },
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Viewed\"},{\"event\":\"Viewed\",\"filters\":"
                + "[{\"property\":\"number\",\"op\":\">\",\"value\":20}]}],\"order\":\"strict\"}"
          },
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Added\"},{\"event\":\"Viewed\"}],\"order\":\"strict\","
                + "\"filters\":[{\"property\":\"number\",\"op\":\"<\",\"value\":30}],"
                + "\"breakdown\":\"color\"}"
          },
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Viewed\"},{\"events\":[]}],\"count\":\"sessions\","
                + "\"filters\":[{\"property\":\"color\",\"op\":\"!=\",\"value\":\"color 2\"}],"
                + "\"breakdown\":\"color\",\"window\":\"20m\"}"
          },
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Viewed\"},{\"event\":\"Added\"}],"
                + "\"match\":[\"color\"],\"breakdown\":\"number\",\"window\":\"2h\"}"
          },
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Viewed\"},{\"event\":\"Viewed\"}],\"order\":\"strict\","
                + "\"match\":[\"number\"],\"breakdown\":\"color\"}"
          },
          new String[] {
            "funnel",
            "{\"steps\":[{\"event\":\"Viewed\"},{\"events\":[\"Added\",\"Bought\"]}],"
                + "\"order\":\"any\",\"exclude\":[{\"event\":\"Left\"}],\"count\":\"sessions\","
                + "\"match\":[\"color\",\"number\"]}"
          },
          new String[] {"path", "{\"steps\":4,\"top\":1000}"},
          new String[] {
            "path",
            "{\"start\":\"Viewed\",\"end\":\"Bought\",\"by\":\"person\",\"steps\":3,"
                + "\"collapse_repeats\":false}"
          },
          new String[] {
            "path",
            "{\"end\":\"Left\",\"top\":2,\"filters\":"
                + "[{\"property\":\"number\",\"op\":\">\",\"value\":9}]}"
          },
          new String[] {
            "trend",
            "{\"events\":[\"Viewed\",\"Bought\"],\"measure\":\"avg\",\"of\":\"number\","
                + "\"interval\":\"hour\",\"breakdown\":\"color\",\"breakdown_limit\":3}"
          },
          new String[] {
            "trend",
            "{\"measure\":\"max\",\"of\":\"number\",\"filters\":"
                + "[{\"property\":\"color\",\"op\":\"!=\",\"value\":\"color 1\"}]}"
          },
          new String[] {"sessions", "{}"},
          new String[] {
            "distribution",
            "{\"events\":[\"Viewed\",\"Added\"],\"of\":\"number\",\"edges\":[5,10,20,40],"
                + "\"breakdown\":\"color\"}"
          },
          new String[] {
            "distribution",
            "{\"of\":\"number\",\"per\":\"session\",\"aggregate\":\"last\",\"bins\":7}"
          },
          new String[] {"distribution", "{\"events\":[\"Bought\"],\"breakdown\":\"color\"}"},
          new String[] {
            "sessions",
            "{\"timeout\":\"2h\",\"filters\":"
                + "[{\"property\":\"color\",\"op\":\"=\",\"value\":\"color 3\"}]}"
          },
          new String[] {
            "trend",
            "{\"events\":[\"Viewed\",\"Left\"],\"measure\":\"sessions\",\"interval\":\"day\","
                + "\"breakdown\":\"color\"}"
          },
          new String[] {
            "trend", "{\"measure\":\"sessions\",\"interval\":\"hour\",\"breakdown\":\"number\"}"
          },
          new String[] {
            "retention",
            "{\"start\":{\"event\":\"Viewed\"},\"return\":{\"event\":\"Bought\"},"
                + "\"period\":\"hour\",\"periods\":4}"
          },
          new String[] {
            "retention",
            "{\"start\":{\"event\":\"Added\"},\"period\":\"hour\",\"mode\":\"first_time\"}"
          },
          new String[] {"retention", "{\"period\":\"hour\",\"mode\":\"rolling\",\"periods\":3}"},
          new String[] {
            "trend",
            "{\"events\":[\"Viewed\",\"Bought\"],\"measure\":\"persons\",\"interval\":\"hour\","
                + "\"breakdown\":\"color\",\"breakdown_limit\":2}"
          },
          new String[] {"trend", "{\"measure\":\"persons\",\"interval\":\"hour\"}"},
          new String[] {
            "trend",
            "{\"events\":[\"Left\"],\"measure\":\"total\",\"interval\":\"minute\","
                + "\"breakdown\":\"number\"}"
          });

  private KeptQuestions() {}
}
