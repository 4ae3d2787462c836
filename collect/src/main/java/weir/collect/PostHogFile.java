package weir.collect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PostHog's browser library loads from its host: its configuration, {@code /array/KEY/config}
 * and config.js, which asks for events and nothing else; and scripts for the rest, {@code
 * /static/NAME.js}, which are empty.
 *
 * @param key the write key whose configuration it is; null for a script
 */
record PostHogFile(@Nullable String key, boolean isScript) {
  private static final Pattern CONFIG =
      Pattern.compile("/array/([A-Za-z0-9_.-]{1,100})/config(\\.js)?");
  private static final Pattern SCRIPT = Pattern.compile("/static/(?:[\\w.-]+/)?[\\w.-]+\\.js");

  private static final String SCRIPT_TEXT =
      "/* This collector takes events. posthog-js itself is loaded from npm or from the page's own"
          + " host; there are no session recordings, surveys or tool bars. */\n";

  /** Which one a path names; null if it is none of these. */
  static @Nullable PostHogFile at(String path) {
    Matcher config = CONFIG.matcher(path);
    if (config.matches()) {
      return new PostHogFile(config.group(1), config.group(2) != null);
    }
    return SCRIPT.matcher(path).matches() ? new PostHogFile(null, true) : null;
  }

  String mediaType() {
    return isScript ? "text/javascript; charset=utf-8" : "application/json";
  }

  String text() {
    if (key == null) {
      return SCRIPT_TEXT;
    }
    String config =
        """
        {"token":"%s","supportedCompression":["gzip","gzip-js"],"hasFeatureFlags":false,\
        "autocapture_opt_out":false,"sessionRecording":false,"surveys":false,"heatmaps":false,\
        "capturePerformance":false,"autocaptureExceptions":false,"captureDeadClicks":false,\
        "defaultIdentifiedOnly":true,"siteApps":[],"toolbarParams":{},"isAuthenticated":false}\
        """
            .formatted(key);
    return isScript
        ? "(function(w){(w._POSTHOG_REMOTE_CONFIG=w._POSTHOG_REMOTE_CONFIG||{})['"
            + key
            + "']={config:"
            + config
            + ",siteApps:[]}})(window);\n"
        : config;
  }
}
