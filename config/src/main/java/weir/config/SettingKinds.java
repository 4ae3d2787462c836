package weir.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Declares settings, by what they are; keeps them in the order in which they were declared. */
final class SettingKinds {
  private static final List<Setting<?>> DECLARED = new ArrayList<>();

  private SettingKinds() {}

  /** Those that were declared so far. */
  static List<Setting<?>> declared() {
    return List.copyOf(DECLARED);
  }

  static Setting<Path> folder(String key, String defaultText, String description) {
    return add(key, new SettingType.Folder(), defaultText, description);
  }

  static Setting<Optional<Path>> file(String key, String description) {
    return add(key, new SettingType.MaybeFile(), "", description);
  }

  static Setting<String> text(String key, String defaultText, String description) {
    return add(key, new SettingType.Text(), defaultText, description);
  }

  static Setting<Integer> whole(
      String key, int defaultValue, int min, int max, String description) {
    return add(key, new SettingType.Whole(min, max), String.valueOf(defaultValue), description);
  }

  static Setting<Long> size(
      String key, String defaultText, String min, String max, String description) {
    return add(key, SettingType.Size.between(min, max), defaultText, description);
  }

  static Setting<Duration> span(
      String key, String defaultText, String min, String max, String description) {
    return add(key, SettingType.Span.between(min, max), defaultText, description);
  }

  static Setting<Optional<Duration>> age(String key, String defaultText, String description) {
    return add(
        key,
        new SettingType.Age(SettingType.Span.between("1d", "36500d")),
        defaultText,
        description);
  }

  static <T> Setting<T> add(
      String key, SettingType<T> type, String defaultText, String description) {
    Setting<T> setting = new Setting<>(key, type, defaultText, description);
    DECLARED.add(setting);
    return setting;
  }
}
