package weir.enrich.channel;

/** What is known of where a visit came from; in lower case, empty where nobody knows. */
record Visit(String source, String medium, String campaign) {
  static final Visit DIRECT = new Visit("(direct)", "(none)", "");
}
